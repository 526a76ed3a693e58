import { describe } from 'vitest';
import { frame, method } from '../codec.js';
import type { RawClient } from '../raw-client.js';
import { twin } from '../twin.js';

const protocol = Buffer.from('AMQP\x00\x00\x09\x01', 'latin1');

/** Up to connection.tune, without writing it down. */
async function login(raw: RawClient, response = '\0guest\0guest'): Promise<void> {
  raw.send(protocol);
  await raw.until('ConnectionStart');
  raw.method('ConnectionStartOk', 0, {
    clientProperties: {},
    mechanism: 'PLAIN',
    response: Buffer.from(response),
    locale: 'en_US',
  });
  await raw.until('ConnectionTune');
}

describe('the protocol header', () => {
  for (const [what, bytes] of [
    ['of an unknown version', 'AMQP\x00\x00\x0a\x00'],
    ['of another protocol', 'GET / HTTP/1.1\r\n\r\n'],
    ['of zeros', '\x00\x00\x00\x00\x00\x00\x00\x00'],
  ] as const) {
    twin(`${what} is answered with the right one`, async (t) => {
      const raw = await t.raw();
      raw.send(Buffer.from(bytes, 'latin1'));
      await raw.closed();
    });
  }
});

describe('the handshake', () => {
  twin('begins for AMQP 0-9 too', async (t) => {
    const raw = await t.raw();
    raw.send(Buffer.from('AMQP\x01\x01\x00\x09', 'latin1'));
    const start = await raw.next('ConnectionStart');
    t.say('start', start?.versionMajor, start?.versionMinor);
  });

  twin('offers mechanisms, locales, limits', async (t) => {
    const raw = await t.raw();
    raw.send(protocol);
    const start = await raw.next('ConnectionStart');
    t.say(
      'start',
      start?.versionMajor,
      start?.versionMinor,
      // RabbitMQ lists them in the order of a hash table, another one with other settings.
      String(start?.mechanisms).split(' ').sort(),
      String(start?.locales),
    );
    const properties = start?.serverProperties as Record<string, unknown>;
    t.say('capabilities', properties.capabilities);
    t.say(
      'keys',
      Object.keys(properties)
        .filter((key) => key !== 'product_version')
        .sort(),
    );
  });

  twin('PLAIN with a wrong password is refused', async (t) => {
    await t.connection({ password: 'wrong' });
    const raw = await t.raw();
    raw.send(protocol);
    await raw.next('ConnectionStart');
    raw.method('ConnectionStartOk', 0, {
      clientProperties: { capabilities: { authentication_failure_close: true } },
      mechanism: 'PLAIN',
      response: Buffer.from('\0guest\0wrong'),
      locale: 'en_US',
    });
    await raw.until('ConnectionClose');
  });

  twin('PLAIN with a wrong password and no word for it is cut off', async (t) => {
    const raw = await t.raw();
    raw.send(protocol);
    await raw.next('ConnectionStart');
    raw.method('ConnectionStartOk', 0, {
      clientProperties: {},
      mechanism: 'PLAIN',
      response: Buffer.from('\0guest\0wrong'),
      locale: 'en_US',
    });
    await raw.closed();
  });

  twin('an unknown mechanism is refused', async (t) => {
    const raw = await t.raw();
    raw.send(protocol);
    await raw.next('ConnectionStart');
    raw.method('ConnectionStartOk', 0, {
      clientProperties: {},
      mechanism: 'NOSUCH',
      response: Buffer.from(''),
      locale: 'en_US',
    });
    await raw.until('ConnectionClose');
  });

  twin('AMQPLAIN works', async (t) => {
    const raw = await t.raw();
    raw.send(protocol);
    await raw.next('ConnectionStart');
    const text = (value: string) => Buffer.concat([Buffer.from([0, 0, 0, value.length]), Buffer.from(value)]);
    const field = (name: string, value: string) =>
      Buffer.concat([Buffer.from([name.length]), Buffer.from(`${name}S`), text(value)]);
    raw.method('ConnectionStartOk', 0, {
      clientProperties: {},
      mechanism: 'AMQPLAIN',
      response: Buffer.concat([field('LOGIN', 'guest'), field('PASSWORD', 'guest')]),
      locale: 'en_US',
    });
    await raw.until('ConnectionTune');
  });

  twin('a malformed PLAIN response', async (t) => {
    const raw = await t.raw();
    raw.send(protocol);
    await raw.next('ConnectionStart');
    raw.method('ConnectionStartOk', 0, {
      clientProperties: {},
      mechanism: 'PLAIN',
      response: Buffer.from('no zeros'),
      locale: 'en_US',
    });
    await raw.until('ConnectionClose');
  });

  twin('a vhost that is not there is refused', async (t) => {
    const raw = await t.raw();
    await raw.quietly(() => login(raw));
    raw.method('ConnectionTuneOk', 0, { channelMax: 2047, frameMax: 131_072, heartbeat: 0 });
    raw.method('ConnectionOpen', 0, { virtualHost: 'nosuch' });
    await raw.until('ConnectionClose');
  });

  twin('a vhost without permissions is refused', async (t) => {
    await t.api('PUT', 'users/twin-stranger', { password: 'p', tags: '' });
    const raw = await t.raw();
    await raw.quietly(() => login(raw, '\0twin-stranger\0p'));
    raw.method('ConnectionTuneOk', 0, { channelMax: 2047, frameMax: 131_072, heartbeat: 0 });
    raw.method('ConnectionOpen', 0, { virtualHost: t.vhost });
    await raw.until('ConnectionClose');
    await t.api('DELETE', 'users/twin-stranger');
  });

  for (const [what, tune] of [
    ['a larger frame_max', { frameMax: 200_000 }],
    ['a frame_max too small', { frameMax: 1024 }],
    ['no frame_max', { frameMax: 0 }],
    ['a larger channel_max', { channelMax: 5000 }],
    ['no channel_max', { channelMax: 0 }],
  ] as const) {
    twin(`tuning ${what}`, async (t) => {
      const raw = await t.raw();
      await raw.quietly(() => login(raw));
      raw.method('ConnectionTuneOk', 0, { channelMax: 2047, frameMax: 131_072, heartbeat: 0, ...tune });
      raw.method('ConnectionOpen', 0, { virtualHost: t.vhost });
      await raw.until('ConnectionOpenOk', 'ConnectionClose');
    });
  }

  twin('a method before its time', async (t) => {
    const raw = await t.raw();
    raw.send(protocol);
    await raw.next('ConnectionStart');
    raw.method('ConnectionOpen', 0, { virtualHost: t.vhost });
    await raw.closed();
  });
});

describe('channels', () => {
  twin('opened twice', async (t) => {
    const raw = await t.rawChannel();
    raw.method('ChannelOpen', 1);
    await raw.until('ConnectionClose', 'ChannelOpenOk');
  });

  twin('used before they are open', async (t) => {
    const raw = await t.rawChannel();
    raw.method('BasicQos', 5, {});
    await raw.until('ConnectionClose');
  });

  twin('above channel_max', async (t) => {
    const raw = await t.raw();
    await raw.handshake(t.vhost, { channelMax: 2 });
    raw.method('ChannelOpen', 2);
    await raw.until('ChannelOpenOk');
    raw.method('ChannelOpen', 3);
    await raw.until('ConnectionClose', 'ChannelOpenOk');
  });

  twin('reused at once after they closed', async (t) => {
    const raw = await t.rawChannel();
    raw.method('ChannelClose', 1, { replyCode: 200, replyText: 'bye', classId: 0, methodId: 0 });
    await raw.until('ChannelCloseOk');
    raw.method('ChannelOpen', 1);
    await raw.until('ChannelOpenOk');
  });

  twin('what comes after a refusal and before close-ok is ignored', async (t) => {
    const raw = await t.rawChannel();
    raw.method('BasicGet', 1, { queue: 'nosuch' });
    raw.method('QueueDeclare', 1, { queue: 'never', arguments: {} });
    raw.method('BasicQos', 1, {});
    await raw.until('ChannelClose');
    raw.method('ChannelCloseOk', 1);
    raw.method('ChannelOpen', 1);
    await raw.until('ChannelOpenOk');
    raw.method('QueueDeclare', 1, { queue: 'never', passive: true, arguments: {} });
    await raw.until('ChannelClose');
  });

  twin('a ticket is given to old clients', async (t) => {
    const raw = await t.rawChannel();
    raw.method('AccessRequest', 1, { realm: '/data', read: true });
    await raw.until('AccessRequestOk', 'ConnectionClose');
  });

  twin('flow: on is answered, off is not implemented', async (t) => {
    const raw = await t.rawChannel();
    raw.method('ChannelFlow', 1, { active: true });
    await raw.until('ChannelFlowOk', 'ConnectionClose');
    raw.method('ChannelFlow', 1, { active: false });
    await raw.until('ConnectionClose', 'ChannelFlowOk');
  });

  twin('a connection method on a channel', async (t) => {
    const raw = await t.rawChannel();
    raw.method('ConnectionOpen', 1, { virtualHost: '/' });
    await raw.until('ConnectionClose', 'ChannelClose');
  });

  twin('a channel method on channel 0', async (t) => {
    const raw = await t.rawChannel();
    raw.method('BasicQos', 0, {});
    await raw.until('ConnectionClose');
  });

  twin('a method of the server', async (t) => {
    const raw = await t.rawChannel();
    raw.method('QueueDeclareOk', 1, { queue: 'q', messageCount: 0, consumerCount: 0 });
    await raw.until('ConnectionClose', 'ChannelClose');
  });
});

describe('frames', () => {
  twin('with a wrong end', async (t) => {
    const raw = await t.rawChannel();
    raw.send(frame(1, 1, Buffer.from('003c000a00000000000100', 'hex'), 0x00));
    await raw.until('ConnectionClose');
    await raw.closed();
  });

  twin('of an unknown type', async (t) => {
    const raw = await t.rawChannel();
    raw.send(frame(5, 1, Buffer.from('x')));
    await raw.until('ConnectionClose');
  });

  twin('with a method cut short', async (t) => {
    const raw = await t.rawChannel();
    raw.send(frame(1, 1, Buffer.from('0032000a0000', 'hex')));
    await raw.until('ConnectionClose');
  });

  twin('larger than frame_max', async (t) => {
    const raw = await t.raw();
    await raw.handshake(t.vhost, { frameMax: 4096 });
    await raw.openChannel(1);
    raw.send(frame(3, 1, Buffer.alloc(5000)));
    await raw.until('ConnectionClose');
  });

  twin('in single bytes', async (t) => {
    const raw = await t.rawChannel();
    for (const byte of method('QueueDeclare', 1, { queue: 'slow', arguments: {} })) {
      raw.send(Buffer.from([byte]));
      await t.pause(1);
    }
    await raw.until('QueueDeclareOk');
  });

  twin('heartbeats are taken', async (t) => {
    const raw = await t.rawChannel();
    raw.send(frame(8, 0, Buffer.alloc(0)));
    raw.method('BasicQos', 1, {});
    await raw.until('BasicQosOk');
  });

  twin('heartbeats come, and a client that sends none is dropped', async (t) => {
    const raw = await t.raw();
    await raw.handshake(t.vhost, { heartbeat: 1 });
    await raw.quietly(() => raw.closed());
    t.say('still open', raw.isOpen);
    t.say('heartbeats came', raw.heartbeats > 0);
  });

  twin('a client that sends heartbeats stays', async (t) => {
    const raw = await t.raw();
    await raw.handshake(t.vhost, { heartbeat: 1 });
    await raw.quietly(async () => {
      for (let beat = 0; beat < 10; beat += 1) {
        raw.send(frame(8, 0, Buffer.alloc(0)));
        await t.pause(400);
      }
    });
    t.say('still open', raw.isOpen);
  });

  twin('a heartbeat on a channel', async (t) => {
    const raw = await t.rawChannel();
    raw.send(frame(8, 1, Buffer.alloc(0)));
    await raw.rest();
    raw.method('BasicQos', 1, {});
    await raw.until('BasicQosOk', 'ConnectionClose');
  });
});

describe('connection.close', () => {
  twin('is answered and ends the connection', async (t) => {
    const raw = await t.rawChannel();
    raw.method('ConnectionClose', 0, { replyCode: 200, replyText: 'bye', classId: 0, methodId: 0 });
    await raw.until('ConnectionCloseOk');
    await raw.closed();
  });

  twin('by an administrator tells why', async (t) => {
    const raw = await t.rawChannel();
    let connections: { name: string; vhost: string }[] = [];
    for (let attempt = 0; attempt < 100 && connections.length === 0; attempt += 1) {
      const answer = await t.node.api('GET', 'connections');
      connections = (answer.body as typeof connections).filter(({ vhost }) => vhost === t.vhost);
      await t.pause(100);
    }
    await t.node.api('DELETE', `connections/${encodeURIComponent(connections[0]!.name)}`);
    await raw.until('ConnectionClose');
    raw.method('ConnectionCloseOk', 0);
    await raw.closed();
  });

  twin('when its vhost is deleted', async (t) => {
    const raw = await t.rawChannel();
    await t.node.api('DELETE', `vhosts/${t.vhost}`);
    const close = await raw.next('ConnectionClose');
    t.say('closed with', close?.replyCode, close?.replyText);
  });

  twin('update-secret is answered whatever the secret is, and all goes on', async (t) => {
    const raw = await t.rawChannel();
    for (const newSecret of ['guest', 'another', '']) {
      raw.method('ConnectionUpdateSecret', 0, { newSecret: Buffer.from(newSecret), reason: 'test' });
      await raw.until('ConnectionUpdateSecretOk', 'ConnectionClose');
      raw.method('ExchangeDeclare', 1, { exchange: 'amq.direct', passive: true });
      await raw.until('ExchangeDeclareOk', 'ChannelClose', 'ConnectionClose');
    }
  });
});
