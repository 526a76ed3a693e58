/** The handshake, octet by octet: what each step takes, and how each is refused. */
import { frame, method } from '../codec.js';
import type { RawClient } from '../raw-client.js';
import type { Stage } from '../stage.js';
import { type Scenario, twins } from '../twin.js';

const protocol = Buffer.from('AMQP\x00\x00\x09\x01', 'latin1');
/** A client that is told when it is not let in. */
const told = { capabilities: { authentication_failure_close: true } };

type Fields = Record<string, unknown>;
const startOk = (fields: Fields = {}) =>
  method('ConnectionStartOk', 0, {
    clientProperties: told,
    mechanism: 'PLAIN',
    response: Buffer.from('\0guest\0guest'),
    locale: 'en_US',
    ...fields,
  });
const tuneOk = (fields: Fields = {}) =>
  method('ConnectionTuneOk', 0, { channelMax: 2047, frameMax: 131_072, heartbeat: 0, ...fields });
const open = (virtualHost: string) => method('ConnectionOpen', 0, { virtualHost });

/** Up to connection.start, or to connection.tune, without writing it down. */
async function started(t: Stage): Promise<RawClient> {
  const raw = await t.raw();
  raw.send(protocol);
  await raw.next('ConnectionStart');
  return raw;
}
async function tuning(t: Stage): Promise<RawClient> {
  const raw = await started(t);
  raw.send(startOk());
  await raw.next('ConnectionTune');
  return raw;
}

/** What one octet string in place of start-ok is answered with, or what follows it. */
const inPlaceOfStartOk =
  (...bytes: Buffer[]): Scenario =>
  async (t) => {
    const raw = await started(t);
    raw.send(...bytes);
    await raw.until('ConnectionTune', 'ConnectionClose');
  };
const inPlaceOfTuneOk =
  (...bytes: Buffer[]): Scenario =>
  async (t) => {
    const raw = await tuning(t);
    raw.send(...bytes, open(t.vhost));
    await raw.until('ConnectionOpenOk', 'ConnectionClose');
  };

const header =
  (...octets: number[]): Scenario =>
  async (t) => {
    const raw = await t.raw();
    raw.send(Buffer.from(['A', 'M', 'Q', 'P'].map((letter) => letter.charCodeAt(0)).concat(octets)));
    await raw.closed();
  };

twins.atOnce('protocol headers that are not spoken', {
  'AMQP 1.0': header(0, 1, 0, 0),
  'AMQP 1.0 with SASL': header(3, 1, 0, 0),
  'AMQP 1.0 with TLS': header(2, 1, 0, 0),
  'AMQP 0-9-1 with another id': header(1, 0, 9, 1),
  'AMQP 0-9-2': header(0, 0, 9, 2),
  'AMQP 0-10': header(1, 1, 0, 10),
  'AMQP 9-1': header(0, 9, 1, 0),
});

const plain = (response: string) => inPlaceOfStartOk(startOk({ response: Buffer.from(response) }));

twins.atOnce('connection.start-ok', {
  'with another locale': inPlaceOfStartOk(startOk({ locale: 'xx_XX' })),
  'without a locale': inPlaceOfStartOk(startOk({ locale: '' })),
  'PLAIN with an identity to act for': plain('someone\0guest\0guest'),
  'PLAIN with a password of zeros': plain('\0guest\0guest\0'),
  'PLAIN without a password': plain('\0guest\0'),
  'PLAIN without a name': plain('\0\0guest'),
  'PLAIN with an unknown name': plain('\0twin-nobody\0guest'),
  'PLAIN in other letters': inPlaceOfStartOk(startOk({ mechanism: 'plain' })),
  'EXTERNAL without TLS': inPlaceOfStartOk(startOk({ mechanism: 'EXTERNAL', response: Buffer.from('') })),
  'AMQPLAIN that is no table': inPlaceOfStartOk(
    startOk({ mechanism: 'AMQPLAIN', response: Buffer.from('\0guest\0guest') }),
  ),
  'AMQPLAIN without a password': inPlaceOfStartOk(
    startOk({ mechanism: 'AMQPLAIN', response: Buffer.from('\x05LOGINS\0\0\0\x05guest', 'latin1') }),
  ),
  'capabilities that are no table': inPlaceOfStartOk(
    startOk({ clientProperties: { capabilities: 'all' }, response: Buffer.from('\0guest\0guest') }),
  ),
  'client properties of every kind': inPlaceOfStartOk(
    startOk({ clientProperties: { product: 5, version: [1, 2], platform: { deep: { deeper: true } } } }),
  ),
});

twins.atOnce('connection.tune-ok', {
  'the least frame_max': inPlaceOfTuneOk(tuneOk({ frameMax: 4096 })),
  'one below the least frame_max': inPlaceOfTuneOk(tuneOk({ frameMax: 4095 })),
  'one above the frame_max offered': inPlaceOfTuneOk(tuneOk({ frameMax: 131_073 })),
  'one channel': inPlaceOfTuneOk(tuneOk({ channelMax: 1 })),
  'one above the channel_max offered': inPlaceOfTuneOk(tuneOk({ channelMax: 2048 })),
  'the longest heartbeat': inPlaceOfTuneOk(tuneOk({ heartbeat: 65_535 })),
  'both too large': inPlaceOfTuneOk(tuneOk({ channelMax: 65_535, frameMax: 4_294_967_295 })),
});

twins.atOnce('frames before the connection is open', {
  'everything behind the header in one piece': async (t) => {
    const raw = await t.raw();
    raw.send(protocol);
    await raw.next('ConnectionStart');
    raw.send(startOk(), tuneOk(), open(t.vhost), method('ChannelOpen', 1));
    await raw.until('ChannelOpenOk', 'ConnectionClose');
  },
  'the header in two pieces': async (t) => {
    const raw = await t.raw();
    raw.send(protocol.subarray(0, 5));
    await t.pause(20);
    raw.send(protocol.subarray(5));
    await raw.next('ConnectionStart');
    t.say('started');
  },
  'heartbeats while it is tuned': async (t) => {
    const raw = await tuning(t);
    raw.send(frame(8, 0, Buffer.alloc(0)), tuneOk(), frame(8, 0, Buffer.alloc(0)), open(t.vhost));
    await raw.until('ConnectionOpenOk', 'ConnectionClose');
  },
  'start-ok of 4,096 octets': async (t) => {
    const raw = await started(t);
    raw.send(startOk({ clientProperties: { ...told, filler: 'x'.repeat(3950) } }));
    await raw.until('ConnectionTune', 'ConnectionClose');
  },
  'a channel between tune-ok and open': async (t) => {
    const raw = await tuning(t);
    raw.send(tuneOk(), method('ChannelOpen', 1));
    await raw.until('ChannelOpenOk', 'ConnectionClose');
  },
  'close between tune-ok and open': async (t) => {
    const raw = await tuning(t);
    raw.send(
      tuneOk(),
      method('ConnectionClose', 0, { replyCode: 200, replyText: '', classId: 0, methodId: 0 }),
    );
    await raw.until('ConnectionCloseOk', 'ConnectionClose');
  },
  'tune-ok twice': async (t) => {
    const raw = await tuning(t);
    raw.send(tuneOk(), tuneOk());
    await raw.until('ConnectionClose');
  },
  'an unknown type between tune-ok and open': async (t) => {
    const raw = await tuning(t);
    raw.send(tuneOk(), frame(5, 0, Buffer.from('x')));
    await raw.until('ConnectionClose');
  },
});

twins.atOnce('connection.open', {
  ...Object.fromEntries(
    ['', ' ', '//', 'nosuch\n', 'é'].map((vhost) => [
      `of the vhost ${JSON.stringify(vhost)}`,
      async (t: Stage) => {
        const raw = await tuning(t);
        raw.send(tuneOk(), open(vhost));
        await raw.until('ConnectionOpenOk', 'ConnectionClose');
      },
    ]),
  ),
});

const close = (fields: Fields) => method('ConnectionClose', 0, { classId: 0, methodId: 0, ...fields });

twins('the end of a connection', {
  'close twice': async (t) => {
    const raw = await t.rawChannel();
    raw.send(close({ replyCode: 200, replyText: '' }), close({ replyCode: 200, replyText: '' }));
    await raw.until('ConnectionCloseOk');
  },
  'close with any code': async (t) => {
    const raw = await t.rawChannel();
    raw.send(close({ replyCode: 541, replyText: 'x'.repeat(255), classId: 60, methodId: 40 }));
    await raw.until('ConnectionCloseOk');
  },
  'methods behind close are not done': async (t) => {
    const raw = await t.rawChannel();
    raw.send(close({ replyCode: 200, replyText: '' }), method('QueueDeclare', 1, { queue: 'never' }));
    await raw.until('ConnectionCloseOk');
    const other = await t.rawChannel();
    await other.ask('QueueDeclare', { queue: 'never', passive: true });
  },
  'close instead of close-ok, after a refusal': async (t) => {
    const raw = await t.rawChannel();
    await raw.ask('ChannelOpen');
    raw.send(close({ replyCode: 200, replyText: '' }));
    await raw.until('ConnectionCloseOk');
  },
  'close-ok after a refusal ends it': async (t) => {
    const raw = await t.rawChannel();
    await raw.ask('ChannelOpen');
    raw.method('ConnectionCloseOk', 0);
    await raw.closed();
  },
  'methods between a refusal and close-ok are not done': async (t) => {
    const raw = await t.rawChannel();
    await raw.ask('ChannelOpen');
    raw.method('QueueDeclare', 1, { queue: 'never' });
    raw.method('ConnectionCloseOk', 0);
    await raw.closed();
    const other = await t.rawChannel();
    await other.ask('QueueDeclare', { queue: 'never', passive: true });
  },
  'the secret is renewed, more than once': async (t) => {
    const raw = await t.rawChannel();
    for (const secret of ['guest', 'other', '']) {
      raw.method('ConnectionUpdateSecret', 0, { newSecret: Buffer.from(secret), reason: 'renewal' });
      await raw.until('ConnectionUpdateSecretOk', 'ConnectionClose');
    }
    await raw.ask('QueueDeclare', { queue: 'q' });
  },
  'the secret before the connection is open': async (t) => {
    const raw = await tuning(t);
    raw.send(tuneOk(), method('ConnectionUpdateSecret', 0, { newSecret: Buffer.from('guest'), reason: '' }));
    await raw.until('ConnectionUpdateSecretOk', 'ConnectionClose');
  },
});
