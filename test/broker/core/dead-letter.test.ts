import { describe, expect, it } from 'vitest';
import { plainTable } from '../../../src/broker/core/plain-table.js';
import { type Death, deadLettered, isDeathCycle } from '../../../src/broker/core/queue/dead-letter.js';
import { field } from '../../../src/broker/protocol/field-table.js';
import { decodeProperties } from '../../../src/broker/protocol/properties.js';
import { type MessageGiven, messageOf } from './test-broker.js';

const expired: Death = {
  reason: 'expired',
  queue: 'src',
  exchange: 'dlx',
  routingKey: null,
  now: 1_700_000_000_900,
};

function headersAfter(given: MessageGiven, death: Partial<Death> = {}) {
  const letter = deadLettered(messageOf('', 'src', given), { ...expired, ...death });
  return decodeProperties(letter.properties).headers ?? [];
}

/** Names in order, and the content as JSON: both as RabbitMQ 3.10.8 wrote them for the same messages. */
const orderOf = (headers: ReturnType<typeof headersAfter>, at: number) => {
  const deaths = field(headers, 'x-death');
  const table = deaths?.type === 'A' ? deaths.value[at] : undefined;
  return table?.type === 'F' ? table.value.map(({ key }) => key) : [];
};

describe('a dead letter', () => {
  it('tells of its first death, in the order of RabbitMQ', () => {
    const headers = headersAfter({ headers: { b: 1, a: 'x' }, properties: { expiration: '10000' } });
    expect(headers.map(({ key }) => key)).toEqual([
      'a',
      'b',
      'x-death',
      'x-first-death-exchange',
      'x-first-death-queue',
      'x-first-death-reason',
    ]);
    expect(orderOf(headers, 0)).toEqual([
      'count',
      'reason',
      'queue',
      'time',
      'exchange',
      'routing-keys',
      'original-expiration',
    ]);
    expect(plainTable(headers)['x-death']).toEqual([
      {
        count: 1,
        reason: 'expired',
        queue: 'src',
        time: 1_700_000_000,
        exchange: '',
        'routing-keys': ['src'],
        'original-expiration': '10000',
      },
    ]);
  });

  it('loses its expiration, keeps every other property and its body', () => {
    const properties = { contentType: 't/p', priority: 3, expiration: '5', messageId: 'm', timestamp: 5 };
    const before = messageOf('ex', 'key', { properties, body: 'b' });
    const letter = deadLettered(before, expired);
    expect(letter).toMatchObject({ exchange: 'dlx', routingKey: 'key', priority: 3, expiration: -1 });
    const { headers, ...others } = decodeProperties(letter.properties);
    expect(others).toEqual({ contentType: 't/p', priority: 3, messageId: 'm', timestamp: 5 });
    expect(headers).toBeDefined();
    expect(letter.body).toBe(before.body);
  });

  it('with a routing key of its own loses CC, but records it', () => {
    const headers = headersAfter({ headers: { CC: ['zz'], z: 1 } }, { routingKey: 'nk' });
    expect(field(headers, 'CC')).toBeUndefined();
    expect(plainTable(headers)['x-death']).toMatchObject([{ 'routing-keys': ['src', 'zz'] }]);
    expect(field(headersAfter({ headers: { CC: ['zz'] } }), 'CC')).toBeDefined();
  });

  it('counts the same queue and reason, and turns the others round', () => {
    const deaths = [
      { queue: 'other', reason: 'expired', count: 4 },
      { queue: 'src', reason: 'expired', count: 1 },
      { queue: 'src', reason: 'rejected', count: 1 },
    ];
    const headers = headersAfter({ headers: { 'x-death': deaths, 'x-first-death-queue': 'keep' } });
    expect(plainTable(headers)).toEqual({
      'x-death': [
        { count: 2, queue: 'src', reason: 'expired' },
        { queue: 'src', reason: 'rejected', count: 1 },
        { queue: 'other', reason: 'expired', count: 4 },
      ],
      'x-first-death-queue': 'keep',
    });
    expect(orderOf(headers, 0)).toEqual(['count', 'queue', 'reason']);
  });

  it('puts a new record before known ones, sorted', () => {
    const deaths = ['c', 'b'].map((queue) => ({ queue, reason: 'expired', count: 1 }));
    const headers = headersAfter({ headers: { 'x-death': deaths } });
    expect(orderOf(headers, 0)).toEqual(['count', 'exchange', 'queue', 'reason', 'routing-keys', 'time']);
    expect(plainTable(headers)['x-death']).toMatchObject([{ queue: 'src' }, { queue: 'b' }, { queue: 'c' }]);
  });

  it('replaces an x-death that is not an array', () => {
    const headers = headersAfter({ headers: { z: 1, 'x-death': 'bogus', b: 2 } });
    expect(headers.map(({ key }) => key)).toEqual(['b', 'x-death', 'z']);
  });
});

describe('a dead letter cycle', () => {
  const dead = (...deaths: [string, string][]) =>
    messageOf('', 'k', {
      headers: { 'x-death': deaths.map(([queue, reason]) => ({ queue, reason, count: 1 })) },
    });

  it('is one when nobody rejected the message since it was in the queue', () => {
    expect(isDeathCycle(dead(['b', 'expired'], ['a', 'maxlen']), 'a')).toBe(true);
    expect(isDeathCycle(dead(['b', 'rejected'], ['a', 'expired']), 'a')).toBe(false);
    expect(isDeathCycle(dead(['b', 'expired'], ['a', 'rejected']), 'a')).toBe(false);
    expect(isDeathCycle(dead(['a', 'expired'], ['b', 'rejected']), 'a')).toBe(true);
    expect(isDeathCycle(dead(['b', 'expired']), 'a')).toBe(false);
    expect(isDeathCycle(messageOf('', 'k'), 'a')).toBe(false);
  });
});
