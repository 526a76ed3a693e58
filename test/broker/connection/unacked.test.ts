import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Getter } from '../../../src/broker/connection/getter.js';
import { Unacked } from '../../../src/broker/connection/unacked.js';
import { FakeQueue } from './fake-broker.js';

const consumers = [1, 2].map(
  (number) => new Getter({ node: 'n', connection: 'c', number, user: 'u' }, false),
) as [Getter, Getter];
const queue = new FakeQueue('/', {
  name: 'q',
  passive: false,
  durable: false,
  exclusive: false,
  autoDelete: false,
  arguments: [],
});

/** `where` is a part of all the tags so far; so many are added, by the one consumer or the other. */
type Step = {
  kind: 'add' | 'take' | 'through' | 'all' | 'back' | 'most';
  where: number;
  count: number;
  who: number;
};

const steps = fc.array(
  fc.record<Step>({
    kind: fc.constantFrom('add', 'add', 'add', 'add', 'take', 'take', 'through', 'all', 'back', 'most'),
    where: fc.double({ min: 0, max: 1.01, noNaN: true }),
    count: fc.oneof({ weight: 6, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.nat(900) }),
    who: fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constant(1) }),
  }),
  { maxLength: 200 },
);

describe('unacknowledged deliveries', () => {
  test('behave as an ordered map of tags', () => {
    fc.assert(
      fc.property(steps, (given) => {
        const unacked = new Unacked();
        const model = new Map<number, { consumer: Getter; position: number }>();
        let last = 0;
        let held: { tag: number; consumer: Getter; queue: FakeQueue; position: number }[] = [];
        for (const { kind, where, count, who } of given) {
          const tag = Math.round(where * last);
          const taken: number[] = [];
          const visit = (consumer: unknown, _q: unknown, position: number, at: number) => {
            taken.push(at);
            if (position !== model.get(at)?.position || consumer !== model.get(at)?.consumer) {
              throw new Error(`${at} was given for another`);
            }
            held.push({ tag: at, consumer: consumer as Getter, queue, position });
          };
          if (kind === 'add') {
            for (let added = 0; added < count; added++) {
              const [consumer, position] = [consumers[who as 0 | 1], ++last * 10];
              unacked.add(last, consumer, queue, position);
              model.set(last, { consumer, position });
            }
          } else if (kind === 'most') {
            for (const each of [...model.keys()].filter((each) => each % 7 !== 0)) {
              expect(unacked.take(each, visit)).toBe(true);
              model.delete(each);
            }
          } else if (kind === 'back') {
            unacked.giveBack(held);
            for (const each of held) model.set(each.tag, each);
            held = [];
          } else {
            const known = model.has(tag);
            const sorted = [...model.keys()].sort((a, b) => a - b);
            const expected =
              kind === 'all'
                ? sorted
                : !known
                  ? []
                  : kind === 'take'
                    ? [tag]
                    : sorted.filter((t) => t <= tag);
            if (kind === 'all') unacked.takeAll(visit);
            else
              expect(kind === 'take' ? unacked.take(tag, visit) : unacked.takeThrough(tag, visit)).toBe(
                known,
              );
            expect(taken).toEqual(expected);
            for (const each of expected) model.delete(each);
          }
          expect(unacked.size).toBe(model.size);
          expect(unacked.oldest).toBe(Math.min(...(model.size === 0 ? [0] : model.keys())));
        }
      }),
    );
  });
});
