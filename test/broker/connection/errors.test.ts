import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { encodeMethod } from '../../../src/broker/protocol/method-codec.js';
import { contentHeader, frame, RawClient } from './client.js';
import { type Served, serve } from './serve.js';

let served: Served;
let client: RawClient;

beforeEach(async () => {
  served = await serve();
  client = await RawClient.opened(served.port);
});

afterEach(async () => {
  client.socket.destroy();
  await served.listener.close('test is over');
});

const publish = encodeMethod(1, 'basic.publish', { routingKey: 'nope' });
const qos = encodeMethod(1, 'basic.qos', {});
const weighted = Buffer.concat([Buffer.from([0, 60, 0, 1]), Buffer.alloc(10)]);

describe('the connection is closed, in RabbitMQ’s words, by', () => {
  test.each<[string, Buffer, number, string, number, number]>([
    [
      'a method frame too short',
      frame(1, 1, Buffer.from([0])),
      501,
      'FRAME_ERROR - type 1, all octets = <<0>>: unknown_frame',
      0,
      0,
    ],
    [
      'an unknown frame type',
      frame(9, 1, Buffer.from('abc')),
      501,
      'FRAME_ERROR - type 9, all octets = <<"abc">>: unknown_frame',
      0,
      0,
    ],
    [
      'a heartbeat on a channel',
      frame(8, 1, Buffer.alloc(0)),
      505,
      'UNEXPECTED_FRAME - type 8, all octets = <<>>',
      0,
      0,
    ],
    [
      'a body out of nowhere',
      frame(3, 1, Buffer.from('x')),
      505,
      'UNEXPECTED_FRAME - expected method frame, got non method frame instead',
      0,
      0,
    ],
    [
      'a header on channel 0',
      contentHeader(0, 0),
      505,
      'UNEXPECTED_FRAME - type 2, all octets = <<0,60,0,0,0,0,0,0,0,0,0,0,0,0>>',
      0,
      0,
    ],
    [
      'a method where a header is due',
      Buffer.concat([publish, qos]),
      505,
      'UNEXPECTED_FRAME - expected content header for class 60, got non content header frame instead',
      60,
      40,
    ],
    [
      'a header with a weight',
      Buffer.concat([publish, frame(2, 1, weighted)]),
      505,
      'UNEXPECTED_FRAME - expected content header for class 60, got non content header frame instead',
      60,
      40,
    ],
    [
      'a method where a body is due',
      Buffer.concat([publish, contentHeader(1, 5), qos]),
      505,
      'UNEXPECTED_FRAME - expected content body, got non content body frame instead',
      60,
      40,
    ],
    [
      'more body than announced',
      Buffer.concat([publish, contentHeader(1, 1), frame(3, 1, Buffer.from('xx'))]),
      501,
      'FRAME_ERROR - content body frame exceeds remaining content size',
      60,
      40,
    ],
    [
      'properties that cannot be read',
      Buffer.concat([publish, contentHeader(1, 0, Buffer.from([0x80, 0, 5, 97]))]),
      541,
      'INTERNAL_ERROR',
      0,
      0,
    ],
    [
      'arguments cut short',
      frame(1, 1, Buffer.from([0, 50, 0, 10, 0, 0, 5, 97])),
      501,
      'FRAME_ERROR - cannot decode <<0,0,5,97>>',
      50,
      10,
    ],
    [
      'a second channel.open',
      encodeMethod(1, 'channel.open', {}),
      504,
      "CHANNEL_ERROR - second 'channel.open' seen",
      20,
      10,
    ],
    [
      'a method on a channel that is not open',
      encodeMethod(2, 'basic.qos', {}),
      504,
      "CHANNEL_ERROR - expected 'channel.open'",
      60,
      10,
    ],
    [
      'a channel’s method on channel 0',
      encodeMethod(0, 'basic.qos', {}),
      504,
      'CHANNEL_ERROR - unexpected method in connection state running',
      60,
      10,
    ],
    [
      'a method only servers send',
      encodeMethod(1, 'basic.cancel-ok', {}),
      503,
      'COMMAND_INVALID - unimplemented method',
      60,
      31,
    ],
    [
      'content only servers send',
      Buffer.concat([encodeMethod(1, 'basic.return', {}), contentHeader(1, 0)]),
      503,
      'COMMAND_INVALID - unimplemented method',
      60,
      50,
    ],
    [
      'immediate',
      Buffer.concat([encodeMethod(1, 'basic.publish', { immediate: true }), contentHeader(1, 0)]),
      540,
      'NOT_IMPLEMENTED - immediate=true',
      60,
      40,
    ],
    [
      'recover without requeue',
      encodeMethod(1, 'basic.recover', {}),
      540,
      'NOT_IMPLEMENTED - requeue=false',
      60,
      110,
    ],
    ['flow off', encodeMethod(1, 'channel.flow', {}), 540, 'NOT_IMPLEMENTED - active=false', 20, 20],
    [
      'a prefetch size',
      encodeMethod(1, 'basic.qos', { prefetchSize: 5 }),
      540,
      'NOT_IMPLEMENTED - prefetch_size!=0 (5)',
      60,
      10,
    ],
    [
      'connection.open once more',
      encodeMethod(0, 'connection.open', {}),
      504,
      'CHANNEL_ERROR - unexpected method in connection state running',
      10,
      40,
    ],
  ])('%s', async (_what, bytes, replyCode, replyText, classId, methodId) => {
    client.write(bytes);
    const close = await client.next('connection.close');
    expect(close).toMatchObject({ replyCode, replyText, classId, methodId });
    client.method(0, 'connection.close-ok');
    await client.end();
    expect(served.broker.connections.size).toBe(0);
  });

  test('a frame larger than agreed on, before its payload comes', async () => {
    client.write(Buffer.from([1, 0, 1, 0, 2, 0, 1]));
    expect(await client.next('connection.close')).toMatchObject({
      replyCode: 501,
      replyText: 'FRAME_ERROR - type 1, all octets = <<>>: {frame_too_large,131073,131064}',
    });
  });

  test('a frame that does not end where it should', async () => {
    const wrong = frame(1, 1, Buffer.from([0, 50, 0, 10]));
    wrong[wrong.length - 1] = 0;
    client.write(wrong);
    expect(await client.next('connection.close')).toMatchObject({
      replyCode: 501,
      replyText: 'FRAME_ERROR - type 1, all octets = <<0,50,0,10>>: {invalid_frame_end_marker,0}',
    });
  });
});

describe('the channel is closed, in RabbitMQ’s words, by', () => {
  const userId = contentHeader(1, 0, { userId: 'bob' });
  const expires = (expiration: string) => contentHeader(1, 0, { expiration });
  const reply = contentHeader(1, 0, { replyTo: 'amq.rabbitmq.reply-to' });

  test.each<[string, Buffer, number, string]>([
    [
      'no such queue',
      encodeMethod(1, 'basic.consume', { queue: 'q' }),
      404,
      "NOT_FOUND - no queue 'q' in vhost '/'",
    ],
    [
      'no queue declared before',
      encodeMethod(1, 'basic.get', {}),
      404,
      'NOT_FOUND - no previously declared queue',
    ],
    [
      'no such exchange',
      Buffer.concat([encodeMethod(1, 'basic.publish', { exchange: 'x' }), contentHeader(1, 0)]),
      404,
      "NOT_FOUND - no exchange 'x' in vhost '/'",
    ],
    [
      'another user’s id',
      Buffer.concat([publish, userId]),
      406,
      "PRECONDITION_FAILED - user_id property set to 'bob' but authenticated user was 'guest'",
    ],
    [
      'an expiration of words',
      Buffer.concat([publish, expires('soon')]),
      406,
      "PRECONDITION_FAILED - invalid expiration 'soon': no_integer",
    ],
    [
      'an expiration with a unit',
      Buffer.concat([publish, expires('10 s')]),
      406,
      'PRECONDITION_FAILED - invalid expiration \'10 s\': {leftover_string," s"}',
    ],
    [
      'an expiration in the past',
      Buffer.concat([publish, expires('-1')]),
      406,
      "PRECONDITION_FAILED - invalid expiration '-1': {value_negative,-1}",
    ],
    [
      'an expiration too far away',
      Buffer.concat([publish, expires('315360000001')]),
      406,
      "PRECONDITION_FAILED - invalid expiration '315360000001': {value_too_large,315360000001}",
    ],
    [
      'a reply-to without its consumer',
      Buffer.concat([publish, reply]),
      406,
      'PRECONDITION_FAILED - fast reply consumer does not exist',
    ],
    [
      'a commit without a transaction',
      encodeMethod(1, 'tx.commit', {}),
      406,
      'PRECONDITION_FAILED - channel is not transactional',
    ],
    [
      'tx after confirm',
      Buffer.concat([encodeMethod(1, 'confirm.select', { nowait: true }), encodeMethod(1, 'tx.select', {})]),
      406,
      'PRECONDITION_FAILED - cannot switch from confirm to tx mode',
    ],
    [
      'confirm after tx',
      Buffer.concat([encodeMethod(1, 'tx.select', {}), encodeMethod(1, 'confirm.select', {})]),
      406,
      'PRECONDITION_FAILED - cannot switch from tx to confirm mode',
    ],
    [
      'the largest delivery tag',
      frame(1, 1, Buffer.from('003c0050ffffffffffffffff00', 'hex')),
      406,
      'PRECONDITION_FAILED - unknown delivery tag 18446744073709551615',
    ],
  ])('%s', async (_what, bytes, replyCode, replyText) => {
    client.write(bytes);
    expect(await client.next('channel.close')).toMatchObject({ replyCode, replyText, channel: 1 });
    client.method(1, 'channel.close-ok');
    await client.open(1);
  });

  test('a text too long for a short string is cut', async () => {
    client.method(1, 'queue.declare', { queue: 'ü'.repeat(127), passive: true });
    const { replyText } = await client.next('channel.close');
    expect(Buffer.byteLength(replyText)).toBeLessThanOrEqual(255);
    expect(replyText.endsWith('üü...')).toBe(true);
  });
});

test('a name of several lines passes for no line of ours in the log, and commands no terminal', async () => {
  const exchange = 'x\r\nclosing AMQP connection\u001b[2J\u202e';
  client.write(encodeMethod(1, 'basic.publish', { exchange }), contentHeader(1, 0));
  const { replyText } = await client.next('channel.close');
  expect(replyText).toContain(exchange);
  const line = served.log.find((text) => text.includes('no exchange'));
  expect(line).toMatch(/:\n.*'x\\u000d\\u000aclosing AMQP connection\\u001b\[2J\\u202e'[^\n]*$/);
});

describe('ends', () => {
  test('after a channel error everything is dropped until close-ok; then the number is free', async () => {
    client.method(1, 'basic.ack', { deliveryTag: 1 });
    client.method(1, 'queue.declare', { queue: 'dropped' });
    client.publish(1, 'dropped', 'too');
    client.method(1, 'channel.close', {});
    client.method(1, 'channel.close-ok');
    client.method(1, 'channel.open');
    await client.next('channel.open-ok');
    expect(client.names()).toEqual(['channel.close on 1', 'channel.close-ok on 1']);
    expect(served.broker.vhost.queues.has('dropped')).toBe(false);
  });

  test('a number is free as soon as close-ok is sent', async () => {
    client.method(1, 'channel.close', {});
    await client.next('channel.close-ok');
    await client.open(1);
    client.method(1, 'basic.qos', {});
    await client.next('basic.qos-ok');
  });

  test('what came before connection.close is done before close-ok', async () => {
    client.write(
      encodeMethod(1, 'queue.declare', { queue: 'q', nowait: true }),
      encodeMethod(1, 'basic.publish', { routingKey: 'q' }),
      contentHeader(1, 0),
      encodeMethod(0, 'connection.close', { replyCode: 200 }),
    );
    await client.next('connection.close-ok');
    expect(served.broker.vhost.queues.get('q')!.length).toBe(1);
    expect(served.broker.connections.size).toBe(0);
  });

  test('close in both directions at once', async () => {
    client.write(encodeMethod(1, 'channel.open', {}), encodeMethod(0, 'connection.close', {}));
    await client.next('connection.close');
    await client.next('connection.close-ok');
    client.method(0, 'connection.close-ok');
    await client.end();
  });

  test('a client that goes without a word leaves nothing behind', async () => {
    client.method(1, 'queue.declare', { queue: 'q' });
    client.method(1, 'basic.consume', { queue: 'q' });
    await client.next('basic.consume-ok');
    client.publish(1, 'q', 'x');
    await client.content('basic.deliver');
    client.socket.destroy();
    const queue = served.broker.vhost.queues.get('q')!;
    await expect.poll(() => queue.consumers.length).toBe(0);
    expect(queue.settled).toEqual(['requeue 0']);
    expect(served.broker.connections.size).toBe(0);
  });

  test('an operator’s close tells the reason', async () => {
    for (const connection of served.broker.connections.values()) connection.close('for maintenance');
    expect(await client.next('connection.close')).toMatchObject({
      replyCode: 320,
      replyText: 'CONNECTION_FORCED - for maintenance',
    });
  });

  test('closing the listener ends every connection', async () => {
    const closed = served.listener.close('shutdown');
    await client.next('connection.close');
    client.method(0, 'connection.close-ok');
    await closed;
    await expect(RawClient.connect(served.port)).rejects.toThrow();
  });
});
