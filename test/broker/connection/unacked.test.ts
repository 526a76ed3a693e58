import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Getter } from '../../../src/broker/connection/getter.js';
import { Unacked } from '../../../src/broker/connection/unacked.js';
import { FakeQueue } from './fake-broker.js';

const consumer = new Getter({ node: 'n', connection: 'c', number: 1, user: 'u' }, false);
const queue = new FakeQueue('/', {
  name: 'q',
  passive: false,
  durable: false,
  exclusive: false,
  autoDelete: false,
  arguments: [],
});

type Step = { kind: 'add' | 'take' | 'through' | 'all' | 'back'; tag: number };

const steps = fc.array(
  fc.record<Step>({
    kind: fc.constantFrom('add', 'add', 'add', 'add', 'take', 'take', 'through', 'all', 'back'),
    tag: fc.nat(200),
  }),
  { maxLength: 400 },
);

describe('unacknowledged deliveries', () => {
  test('behave as an ordered map of tags', () => {
    fc.assert(
      fc.property(steps, (given) => {
        const unacked = new Unacked();
        const model = new Map<number, number>();
        let last = 0;
        let held: { tag: number; consumer: Getter; queue: FakeQueue; position: number }[] = [];
        for (const { kind, tag } of given) {
          const taken: number[] = [];
          const visit = (_c: unknown, _q: unknown, position: number, at: number) => {
            taken.push(at);
            expect(position).toBe(model.get(at));
            held.push({ tag: at, consumer, queue, position });
          };
          if (kind === 'add') {
            unacked.add(++last, consumer, queue, last * 10);
            model.set(last, last * 10);
          } else if (kind === 'back') {
            unacked.giveBack(held);
            for (const each of held) model.set(each.tag, each.position);
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
        }
      }),
    );
  });
});
