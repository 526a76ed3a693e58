import { afterEach, describe, expect, test } from 'vitest';
import type { Arguments } from '../../../src/broker/protocol/methods.js';
import { RawClient, startOk } from './client.js';
import { ManualClock, type Served, serve } from './serve.js';

let served: Served;
const clients: RawClient[] = [];

afterEach(async () => {
  for (const client of clients.splice(0)) client.socket.destroy();
  await served.listener.close('test is over');
});

async function started(clock = new ManualClock()): Promise<{ client: RawClient; clock: ManualClock }> {
  served = await serve({ clock });
  const client = await connected();
  client.write(header('\x00\x00\x09\x01'));
  await client.next('connection.start');
  return { client, clock };
}

async function connected(): Promise<RawClient> {
  const client = await RawClient.connect(served.port);
  clients.push(client);
  return client;
}

const header = (version: string) => Buffer.from(`AMQP${version}`, 'latin1');

async function tuning() {
  const { client, clock } = await started();
  client.method(0, 'connection.start-ok', startOk());
  const tune = await client.next('connection.tune');
  return { client, clock, tune };
}

describe('protocol header', () => {
  test.each([
    ['AMQP 1.0', '\x00\x01\x00\x00'],
    ['AMQP 1.0 with SASL', '\x03\x01\x00\x00'],
    ['a revision of 0-9 that is not', '\x00\x00\x09\x02'],
  ])('%s is answered with 0-9-1, and closed', async (_what, version) => {
    served = await serve();
    const client = await connected();
    client.write(header(version));
    await client.end();
    expect(client.rest.toString('latin1')).toBe('AMQP\x00\x00\x09\x01');
  });

  test('HTTP is answered with 0-9-1, and closed', async () => {
    served = await serve();
    const client = await connected();
    client.write(Buffer.from('GET / HTTP/1.1\r\n\r\n'));
    await client.end();
    expect(client.rest.toString('latin1')).toBe('AMQP\x00\x00\x09\x01');
  });

  test('it may come in pieces, and what follows it in one', async () => {
    served = await serve();
    const client = await connected();
    for (const octet of header('\x00\x00\x09\x01')) client.write(Buffer.from([octet]));
    const start = await client.next('connection.start');
    expect(start).toMatchObject({ versionMajor: 0, versionMinor: 9 });
    expect(start.mechanisms.toString()).toBe('AMQPLAIN PLAIN');
    const properties = Object.fromEntries(start.serverProperties.map(({ key, value }) => [key, value]));
    expect(properties).toMatchObject({ product: 'Warren', version: '3.10.8', product_version: '0.1.0' });
  });

  test('a client that never finishes is dropped at the deadline', async () => {
    const { client, clock } = await started();
    clock.advance(9_999);
    expect(client.ended).toBe(false);
    clock.advance(1);
    await client.end();
    expect(served.log.join('\n')).toContain('handshake_timeout');
  });
});

describe('authentication', () => {
  test('a wrong password: told to who asked for it, and dropped after three seconds', async () => {
    const { client, clock } = await started();
    client.method(0, 'connection.start-ok', startOk('wrong'));
    expect(await client.next('connection.close')).toMatchObject({
      replyCode: 403,
      replyText:
        'ACCESS_REFUSED - Login was refused using authentication mechanism PLAIN. For details see the broker logfile.',
    });
    clock.advance(3000);
    await client.end();
  });

  test('a wrong password: silence for who did not', async () => {
    const { client, clock } = await started();
    client.method(0, 'connection.start-ok', startOk('wrong', []));
    await expect.poll(() => served.log.join('\n')).toContain('invalid credentials');
    clock.advance(3000);
    await client.end();
    expect(client.names()).toEqual([]);
  });

  test('AMQPLAIN', async () => {
    const { client } = await started();
    const response = Buffer.from('\x05LOGINS\0\0\0\x05guest\x08PASSWORDS\0\0\0\x05guest', 'latin1');
    client.method(0, 'connection.start-ok', { mechanism: 'AMQPLAIN', response, locale: 'en_US' });
    await client.next('connection.tune');
  });

  test.each([
    ['an unknown mechanism', { mechanism: 'EXTERNAL', response: Buffer.alloc(0) }],
    ['a PLAIN response without separators', { mechanism: 'PLAIN', response: Buffer.from('guest') }],
    ['an AMQPLAIN response that is no table', { mechanism: 'AMQPLAIN', response: Buffer.from('zzz') }],
  ])('%s is met with silence', async (_what, args) => {
    const { client, clock } = await started();
    client.method(0, 'connection.start-ok', { locale: 'en_US', ...args });
    await expect.poll(() => served.log.at(-1)).toContain('Error on AMQP connection');
    clock.advance(3000);
    await client.end();
    expect(client.names()).toEqual([]);
  });
});

describe('tuning', () => {
  test.each([
    [
      'frame_max below the minimum',
      { frameMax: 4095 },
      'negotiated frame_max = 4095 is lower than the minimum',
    ],
    ['frame_max above the offer', { frameMax: 131073 }, 'negotiated frame_max = 131073 is higher'],
    ['no frame_max where there is one', { frameMax: 0 }, 'negotiated frame_max = 0 is higher'],
    ['channel_max above the offer', { channelMax: 2048 }, 'negotiated channel_max = 2048 is higher'],
  ])('%s is refused', async (_what, wrong: Partial<Arguments<'connection.tune-ok'>>, text) => {
    const { client, clock, tune } = await tuning();
    expect(tune).toMatchObject({ channelMax: 2047, frameMax: 131072, heartbeat: 60 });
    client.method(0, 'connection.tune-ok', { channelMax: 2047, frameMax: 131072, ...wrong });
    await expect.poll(() => served.log.join('\n')).toContain(text);
    clock.advance(3000);
    await client.end();
  });

  test('an unknown vhost is refused with 530', async () => {
    const { client } = await tuning();
    client.method(0, 'connection.tune-ok', { channelMax: 1, frameMax: 4096 });
    client.method(0, 'connection.open', { virtualHost: 'nope' });
    expect(await client.next('connection.close')).toMatchObject({
      replyCode: 530,
      replyText: 'NOT_ALLOWED - vhost nope not found',
    });
  });

  test('no more channels than agreed on', async () => {
    served = await serve();
    const client = await RawClient.opened(served.port, { channelMax: 2 });
    clients.push(client);
    await client.open(9);
    client.method(3, 'channel.open');
    expect(await client.next('connection.close')).toMatchObject({
      replyCode: 530,
      replyText: 'NOT_ALLOWED - number of channels opened (2) has reached the negotiated channel_max (2)',
    });
  });
});

describe('heartbeats', () => {
  async function beating() {
    const clock = new ManualClock();
    served = await serve({ clock });
    const client = await RawClient.opened(served.port, { heartbeat: 10 });
    clients.push(client);
    return { client, clock };
  }
  const beats = (client: RawClient) => client.received.filter(({ type }) => type === 8).length;

  test('are sent while there is nothing else to say', async () => {
    const { client, clock } = await beating();
    clock.advance(5000);
    clock.advance(5000);
    await expect.poll(() => beats(client)).toBeGreaterThan(0);
  });

  test('two looks in a row at which nothing came end the connection, one an interval: a client may beat that seldom', async () => {
    const { client, clock } = await beating();
    for (let turn = 0; turn < 4; turn++) clock.advance(5000);
    expect(served.log.join('\n')).not.toContain('missed');
    for (let turn = 0; turn < 2; turn++) clock.advance(5000);
    await client.end();
    expect(served.log.join('\n')).toContain('missed heartbeats from client, timeout: 10s');
  });

  test('any octet is a sign of life', async () => {
    const { client, clock } = await beating();
    for (let turn = 0; turn < 5; turn++) {
      clock.advance(5000);
      client.method(1, 'basic.qos', {});
      await client.next('basic.qos-ok');
    }
    expect(client.ended).toBe(false);
  });
});

test('of all addresses together, a connection too many is closed, and the log says why; one that ends makes room', async () => {
  const anyPort = { address: '127.0.0.1', port: 0 };
  const amqp = { listeners: [anyPort, anyPort], ssl: [], tls: null, proxyProtocol: false };
  served = await serve({ mostConnections: 2, config: { amqp } });
  const other = await RawClient.connect(served.listener.addresses()[1]!.port);
  clients.push(other);
  await connected();
  await (await connected()).end();
  expect(served.log.join('\n')).toContain('2 are open');
  other.socket.end();
  await other.end();
  const next = await connected();
  next.write(header('\x00\x00\x09\x01'));
  await next.next('connection.start');
});
