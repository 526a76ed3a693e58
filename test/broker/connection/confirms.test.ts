import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ConfirmTracker } from '../../../src/broker/connection/confirms.js';

function tracker() {
  const sent: string[] = [];
  let calls = 0;
  const confirms = new ConfirmTracker(() => {
    calls++;
  });
  const drain = () => {
    confirms.drain((nack, sequence, multiple) => {
      sent.push(`${nack ? 'nack' : 'ack'} ${sequence}${multiple ? ' multiple' : ''}`);
    });
    return sent.splice(0);
  };
  return { confirms, drain, calls: () => calls };
}

describe('publisher confirms', () => {
  test('one alone is not multiple; several in a row are one frame', () => {
    const { confirms, drain } = tracker();
    confirms.release(confirms.next());
    expect(drain()).toEqual(['ack 1']);
    for (let index = 0; index < 5; index++) confirms.release(confirms.next());
    expect(drain()).toEqual(['ack 6 multiple']);
    expect(confirms.open).toBe(0);
  });

  test('what is behind an open one is told singly, and the rest when it is settled', () => {
    const { confirms, drain } = tracker();
    const [one, two, three, four] = [confirms.next(), confirms.next(), confirms.next(), confirms.next()];
    confirms.release(one!);
    confirms.release(three!);
    confirms.release(four!);
    expect(drain()).toEqual(['ack 1 multiple', 'ack 3', 'ack 4']);
    expect(confirms.open).toBe(1);
    confirms.release(two!);
    expect(drain()).toEqual(['ack 2']);
  });

  test('a multiple ack never covers a refused one', () => {
    const { confirms, drain } = tracker();
    for (let index = 0; index < 4; index++) confirms.next();
    confirms.release(1);
    confirms.refuse(2);
    confirms.release(3);
    confirms.release(4);
    expect(drain()).toEqual(['ack 1 multiple', 'ack 3', 'ack 4', 'nack 2']);
  });

  test('held more than once, it is settled by the last; refused by one, it is refused', () => {
    const { confirms, drain } = tracker();
    const sequence = confirms.next();
    confirms.hold(sequence);
    confirms.hold(sequence);
    confirms.release(sequence);
    confirms.refuse(sequence);
    expect(drain()).toEqual([]);
    confirms.release(sequence);
    expect(drain()).toEqual(['nack 1 multiple']);
  });

  test('whoever flushes is called once until it has', () => {
    const { confirms, drain, calls } = tracker();
    for (let index = 0; index < 100; index++) confirms.release(confirms.next());
    expect(calls()).toBe(1);
    drain();
    confirms.release(confirms.next());
    expect(calls()).toBe(2);
  });

  test('every number is told once and rightly, whatever the order and the turns', () => {
    const outcome = fc.record({ nack: fc.boolean(), order: fc.nat(), drainAfter: fc.boolean() });
    fc.assert(
      fc.property(fc.array(outcome, { maxLength: 300 }), (outcomes) => {
        const { confirms } = tracker();
        const told = new Map<number, boolean>();
        const open = new Set<number>();
        const drain = () =>
          confirms.drain((nack, sequence, multiple) => {
            for (const number of multiple ? [...open].filter((each) => each <= sequence) : [sequence]) {
              expect(open.delete(number)).toBe(true);
              told.set(number, nack);
            }
          });
        const numbered = outcomes.map((each) => ({ ...each, sequence: confirms.next() }));
        for (const { sequence } of numbered) open.add(sequence);
        for (const { sequence, nack, drainAfter } of numbered.sort((a, b) => a.order - b.order)) {
          if (nack) confirms.refuse(sequence);
          else confirms.release(sequence);
          if (drainAfter) drain();
        }
        drain();
        expect(open.size).toBe(0);
        for (const { sequence, nack } of numbered) expect(told.get(sequence)).toBe(nack);
        expect(confirms.open).toBe(0);
      }),
    );
  });
});
