/** Texts as RabbitMQ 3.10.8 sent them for the same requests. */
import { describe, expect, it, test } from 'vitest';
import { AmqpError } from '../../../src/broker/protocol/amqp-error.js';
import type { Field } from '../../../src/broker/protocol/field-table.js';
import { connectionEntry, startBroker } from './test-broker.js';

async function refusal(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return 'accepted';
  } catch (error) {
    if (error instanceof AmqpError) return `${error.code} ${error.replyText}`;
    throw error;
  }
}

type Value = Field extends infer F ? (F extends Field ? Omit<F, 'key'> : never) : never;

const ofQueue = "for queue 'pq' in vhost '/'";

test.each<[string, Value, string]>([
  ['x-expires', { type: 'b', value: 0 }, '{value_zero,0}'],
  ['x-expires', { type: 'b', value: -1 }, '{value_negative,-1}'],
  ['x-expires', { type: 'S', value: 'a' }, '"expected integer, got longstr"'],
  ['x-expires', { type: 't', value: true }, '"expected integer, got bool"'],
  ['x-expires', { type: 'd', value: 1.5 }, '"expected integer, got double"'],
  ['x-expires', { type: 'l', value: 315360000001 }, '{value_too_large,315360000001}'],
  ['x-message-ttl', { type: 'b', value: -1 }, '{value_negative,-1}'],
  ['x-message-ttl', { type: 'F', value: [] }, '"expected integer, got table"'],
  ['x-message-ttl', { type: 'V', value: null }, '"expected integer, got void"'],
  ['x-message-ttl', { type: 'A', value: [] }, '"expected integer, got array"'],
  ['x-message-ttl', { type: 'l', value: 9007199254740992 }, '{value_too_large,9007199254740992}'],
  ['x-dead-letter-routing-key', { type: 'S', value: 'k' }, 'routing_key_but_no_dlx_defined'],
  ['x-dead-letter-routing-key', { type: 'b', value: 5 }, '{unacceptable_type,byte}'],
  ['x-max-length', { type: 'b', value: -1 }, '{value_negative,-1}'],
  ['x-max-length-bytes', { type: 'b', value: -5 }, '{value_negative,-5}'],
  ['x-max-priority', { type: 's', value: 256 }, '{max_value_exceeded,256}'],
  ['x-max-priority', { type: 'S', value: 'a' }, '"expected integer, got longstr"'],
  ['x-overflow', { type: 'S', value: 'x' }, 'invalid_overflow'],
  ['x-overflow', { type: 'b', value: 5 }, '{unacceptable_type,byte}'],
  ['x-queue-mode', { type: 'S', value: 'x' }, `"unsupported queue mode 'x'"`],
  ['x-queue-version', { type: 'b', value: 3 }, `"unsupported queue version '3'"`],
  ['x-single-active-consumer', { type: 'b', value: 5 }, '{unacceptable_type,byte}'],
  ['x-queue-type', { type: 'S', value: 'x' }, `"unsupported queue type 'x'"`],
  ['x-queue-type', { type: 'b', value: 5 }, '{unacceptable_type,byte}'],
])('queue argument %s %o', async (key, value, reason) => {
  const { vhost, by } = await startBroker();
  const flags = { passive: false, durable: true, exclusive: false, autoDelete: false };
  const declared = vhost.declareQueue({ name: 'pq', ...flags, arguments: [{ key, ...value } as Field] }, by);
  expect(await refusal(declared)).toBe(
    `406 PRECONDITION_FAILED - invalid arg '${key}' ${ofQueue}: ${reason}`,
  );
});

describe('a queue', () => {
  it('does not take arguments of other types, takes unknown ones', async () => {
    const { queue } = await startBroker();
    for (const key of [
      'x-dead-letter-strategy',
      'x-max-age',
      'x-quorum-initial-group-size',
      'x-max-in-memory-length',
    ]) {
      const text = `406 PRECONDITION_FAILED - invalid arg '${key}' ${ofQueue} of queue type rabbit_classic_queue`;
      expect(await refusal(queue('pq', { arguments: { [key]: 3 } }))).toBe(text);
    }
    const wrong = "invalid type 'long' for arg 'x-dead-letter-exchange' in queue 'pq' in vhost '/'";
    const declared = queue('pq', { arguments: { 'x-dead-letter-exchange': 5 } });
    expect(await refusal(declared)).toBe(`406 PRECONDITION_FAILED - ${wrong}`);
    expect(await refusal(queue('pq', { arguments: { 'x-unknown': 5 } }))).toBe('accepted');
  });

  it('is declared again only as it is', async () => {
    const { queue } = await startBroker();
    const args = { 'x-message-ttl': 1000, 'x-max-length': 5 };
    await queue('eq', { durable: true, arguments: { ...args, 'x-foo': 1 } });
    const again = async (changes: Record<string, unknown>, flags = {}) =>
      (await refusal(queue('eq', { durable: true, ...flags, arguments: { ...args, ...changes } }))).replace(
        '406 PRECONDITION_FAILED - inequivalent arg ',
        '',
      );
    const where = "for queue 'eq' in vhost '/'";
    expect(await again({})).toBe('accepted');
    expect(await again({ 'x-max-age': 'nonsense' })).toBe('accepted');
    expect(await again({ 'x-message-ttl': 1001 })).toBe(
      `'x-message-ttl' ${where}: received '1001' but current is '1000'`,
    );
    expect(await again({ 'x-message-ttl': '1000' })).toBe(
      `'x-message-ttl' ${where}: received '1000' but current is '1000'`,
    );
    expect(await again({ 'x-dead-letter-exchange': 'd' })).toBe(
      `'x-dead-letter-exchange' ${where}: received the value 'd' of type 'longstr' but current is none`,
    );
    expect(await again({ 'x-single-active-consumer': true })).toBe(
      `'x-single-active-consumer' ${where}: received the value 'true' of type 'bool' but current is none`,
    );
    expect(await refusal(queue('eq', { durable: true }))).toBe(
      `406 PRECONDITION_FAILED - inequivalent arg 'x-message-ttl' ${where}: received none but current is the value '1000' of type 'long'`,
    );
    expect(await again({}, { durable: false })).toBe(
      `'durable' ${where}: received 'false' but current is 'true'`,
    );
    expect(await again({}, { autoDelete: true })).toBe(
      `'auto_delete' ${where}: received 'true' but current is 'false'`,
    );
    expect(await again({}, { exclusive: true })).toBe(
      "405 RESOURCE_LOCKED - cannot obtain exclusive access to locked queue 'eq' in vhost '/'. It could be " +
        'originally declared on another connection or the exclusive property value does not match that of the ' +
        'original declaration.',
    );
  });

  it('takes no reserved name, loses line ends of its own, gets a name when it has none', async () => {
    const { vhost, by, queue } = await startBroker();
    expect(await refusal(queue('amq.foo'))).toBe(
      "403 ACCESS_REFUSED - queue name 'amq.foo' contains reserved prefix 'amq.*'",
    );
    const flags = { passive: false, durable: false, exclusive: false, autoDelete: false, arguments: [] };
    expect((await vhost.declareQueue({ name: 'a\r\nb', ...flags }, by)).name).toBe('ab');
    expect((await vhost.declareQueue({ name: '', ...flags }, by)).name).toMatch(/^amq\.gen-[\w-]{22}$/);
    expect(await refusal(vhost.declareQueue({ name: 'amq.foo', ...flags, passive: true }, by))).toBe(
      "404 NOT_FOUND - no queue 'amq.foo' in vhost '/'",
    );
  });
});

describe('an exchange', () => {
  it('is of a known type and declared again only as it is', async () => {
    const { exchange } = await startBroker();
    const where = "for exchange 'x' in vhost '/'";
    const inequivalent = '406 PRECONDITION_FAILED - inequivalent arg';
    await exchange('x', 'direct');
    expect(await refusal(exchange('x', 'nope'))).toBe("503 COMMAND_INVALID - unknown exchange type 'nope'");
    expect(await refusal(exchange('x', 'fanout'))).toBe(
      `${inequivalent} 'type' ${where}: received 'fanout' but current is 'direct'`,
    );
    expect(await refusal(exchange('x', 'direct', { internal: true }))).toBe(
      `${inequivalent} 'internal' ${where}: received 'true' but current is 'false'`,
    );
    expect(await refusal(exchange('x', 'direct', { arguments: { 'alternate-exchange': 'a' } }))).toBe(
      `${inequivalent} 'alternate-exchange' ${where}: received the value 'a' of type 'longstr' but current is none`,
    );
    expect(await refusal(exchange('y', 'direct', { arguments: { 'alternate-exchange': true } }))).toBe(
      "406 PRECONDITION_FAILED - invalid type 'bool' for arg 'alternate-exchange' in exchange 'y' in vhost '/'",
    );
    expect(await refusal(exchange('amq.direct', 'direct', { durable: true }))).toBe('accepted');
    expect(await refusal(exchange('amq.foo', 'direct'))).toBe(
      "403 ACCESS_REFUSED - exchange name 'amq.foo' contains reserved prefix 'amq.*'",
    );
  });

  it('that is the default or a system one is let alone', async () => {
    const { vhost, by, exchange, queue, bind } = await startBroker();
    const untouchable = '403 ACCESS_REFUSED - operation not permitted on the default exchange';
    await queue('q');
    expect(await refusal(exchange('', 'direct', { durable: true }))).toBe(untouchable);
    expect(await refusal(vhost.deleteExchange('', false, by))).toBe(untouchable);
    expect(await refusal(bind('', 'q', 'k'))).toBe(untouchable);
    expect(await refusal(vhost.deleteExchange('amq.direct', false, by))).toBe(
      "403 ACCESS_REFUSED - deletion of system exchange 'amq.direct' in vhost '/' not allowed",
    );
    expect(await refusal(vhost.deleteExchange('nope', false, by))).toBe('accepted');
    await bind('amq.direct', 'q', 'k');
    await exchange('used', 'direct');
    await bind('used', 'q', 'k');
    expect(await refusal(vhost.deleteExchange('used', true, by))).toBe(
      "406 PRECONDITION_FAILED - exchange 'used' in vhost '/' in use",
    );
  });

  it('must be there to be bound or published to, and not internal', async () => {
    const { vhost, by, bind, exchange } = await startBroker();
    expect(await refusal(bind('nope', 'nope'))).toBe("404 NOT_FOUND - no exchange 'nope' in vhost '/'");
    expect(await refusal(bind('amq.direct', 'nope'))).toBe("404 NOT_FOUND - no queue 'nope' in vhost '/'");
    expect(() => vhost.publishable('nope', by)).toThrow("no exchange 'nope' in vhost '/'");
    await exchange('inside', 'direct', { internal: true });
    expect(() => vhost.publishable('inside', by)).toThrow(
      "cannot publish to internal exchange 'inside' in vhost '/'",
    );
  });
});

describe('permissions', () => {
  it('are asked for with names in RabbitMQ`s words', async () => {
    const on = await startBroker();
    const { broker, vhost, by, queue, exchange, bind } = on;
    await queue('q');
    await exchange('x', 'topic');
    broker.register(connectionEntry(by.connection));
    const set = { user: 'guest', vhost: '/', configure: '^c', write: '^w', read: '' };
    await broker.submit('permission.set', set);
    const refused = (what: string) =>
      `403 ACCESS_REFUSED - access to ${what} in vhost '/' refused for user 'guest'`;
    expect(await refusal(queue('q'))).toBe(refused("queue 'q'"));
    expect(await refusal(queue('c'))).toBe('accepted');
    expect(await refusal(bind('x', 'q'))).toBe(refused("queue 'q'"));
    expect(() => vhost.readableQueue('c', by)).toThrow(
      "access to queue 'c' in vhost '/' refused for user 'guest'",
    );
    expect(() => vhost.publishable('', by)).toThrow("access to exchange 'amq.default' in vhost '/' refused");
    expect(await refusal(queue('c2', { arguments: { 'x-dead-letter-exchange': 'x' } }))).toBe(
      refused("queue 'c2'"),
    );
  });

  it('restrict the routing keys of topic exchanges', async () => {
    const { broker, vhost, by, exchange } = await startBroker();
    await exchange('x', 'topic');
    expect(vhost.publishable('x', by).checkTopic).toBeNull();
    const topic = { user: 'guest', vhost: '/', exchange: 'x', write: '^{username}\\.', read: '.*' };
    const before = vhost.generation;
    await broker.submit('topic_permission.set', topic);
    expect(vhost.generation).toBeGreaterThan(before);
    const check = vhost.publishable('x', by).checkTopic;
    expect(() => check?.('guest.a')).not.toThrow();
    expect(() => check?.('other.a')).toThrow(
      "access to topic 'other.a' in exchange 'x' in vhost '/' refused for user 'guest'",
    );
  });
});
