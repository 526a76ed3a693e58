/** What either side says of itself: a client's properties as listings show them, and that all is there which the broker names. */
import { method } from '../codec.js';
import type { Stage } from '../stage.js';
import { type Scenario, twins } from '../twin.js';

type Row = Record<string, unknown>;
const header = Buffer.from('AMQP\0\0\x09\x01', 'latin1');
const columns =
  'vhost,user_provided_name,client_properties,channel_max,frame_max,timeout,user,protocol,state';

/** The client's connection in the API, once all of it is there: RabbitMQ shows its state seconds after the rest. */
async function shown(t: Stage, port: number): Promise<Row> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const { body } = await t.node.api('GET', `connections?columns=peer_port,${columns}`);
    const { peer_port, ...row } = (body as Row[]).find((each) => each.peer_port === port) ?? {};
    if (row.protocol !== undefined && row.state !== undefined) return row;
    await t.pause(100);
  }
  return {};
}

const limits = ['user', 'timeout', 'channel_max', 'frame_max'];
const introduced =
  (clientProperties: Row, tune: Row = {}, listed = [...limits, 'client_properties']): Scenario =>
  async (t) => {
    const raw = await t.raw();
    await raw.handshake(t.vhost, tune, clientProperties);
    t.say('shown', await shown(t, raw.port));
    const { status, stdout } = await t.node.ctl('-q', 'list_connections', 'peer_port', ...listed);
    const line = stdout.split('\n').find((each) => each.startsWith(`${raw.port}\t`));
    t.say('listed', status, line?.split('\t').slice(1));
    await raw.leave();
  };

twins('a client that introduces itself', {
  'with a name': introduced({ connection_name: 'the orders of Tuesday' }),
  'without anything': introduced({}),
  'with a name that is no text': introduced({ connection_name: 5 }),
  'with values of every kind': introduced(
    {
      product: 'twin',
      number: -5,
      long: 2 ** 40,
      half: 1.5,
      yes: true,
      nothing: null,
      list: [1, 'two', [false], { three: 3 }],
      capabilities: { 'connection.blocked': true, consumer_cancel_notify: false, other: 'a text' },
    },
    {},
    limits,
  ),
  'with limits of its own': introduced({}, { channelMax: 7, frameMax: 4096, heartbeat: 30 }),
});

twins('what the broker names', {
  'each exchange type can be declared': async (t) => {
    const { body } = await t.node.api('GET', 'overview?columns=exchange_types');
    const types = (body as { exchange_types: { name: string; enabled: boolean }[] }).exchange_types
      .map(({ name, enabled }) => `${name} ${enabled}`)
      .sort();
    t.say('types', types);
    const raw = await t.rawChannel();
    for (const type of types.map((line) => line.split(' ')[0]))
      await raw.ask('ExchangeDeclare', { exchange: type, type });
  },
  'each mechanism lets in': async (t) => {
    const responses: Record<string, string> = {
      PLAIN: '\0guest\0guest',
      AMQPLAIN: '\x05LOGINS\0\0\0\x05guest\x08PASSWORDS\0\0\0\x05guest',
    };
    const first = await t.raw();
    first.send(header);
    const mechanisms = String((await first.next('ConnectionStart'))?.mechanisms).split(' ');
    for (const mechanism of mechanisms.sort()) {
      const raw = await t.raw();
      raw.send(header);
      await raw.next('ConnectionStart');
      const response = Buffer.from(responses[mechanism] ?? '', 'latin1');
      raw.send(
        method('ConnectionStartOk', 0, { clientProperties: {}, mechanism, response, locale: 'en_US' }),
      );
      t.say(mechanism);
      await raw.until('ConnectionTune', 'ConnectionClose');
    }
  },
});
