/** Field tables where the broker reads them and writes them anew, octet by octet: dead letters, bindings, what the API shows. */
import { frame, method } from '../codec.js';
import { everyType, type Field, headersFrame, table } from '../field-tables.js';
import type { RawClient } from '../raw-client.js';
import type { Stage } from '../stage.js';
import { type Scenario, twins } from '../twin.js';

/** An element of an array is a field without its name. */
const array = (...fields: Field[]): string => {
  const body = fields.map(([, type, hex]) => Buffer.from(type).toString('hex') + hex).join('');
  return (body.length / 2).toString(16).padStart(8, '0') + body;
};
const nested = (fields: readonly Field[]): Field => ['nested', 'F', table(...fields).toString('hex')];
const list = (fields: readonly Field[]): Field => ['list', 'A', array(...fields)];

/** Headers that stand alone, or that another value makes different. */
const headers: Record<string, readonly Field[]> = {
  ...Object.fromEntries(everyType.map((field) => [`of type ${field[1]}`, [field]])),
  'of every type, in an order that is not that of their names': [...everyType].reverse(),
  'in a table': [nested(everyType)],
  'in an array': [list(everyType)],
  'in a table in an array in a table': [nested([list([nested(everyType), list(everyType)])])],
  'of the same name twice': [
    ['a', 'S', '0000000131'],
    ['b', 'S', '0000000132'],
    ['a', 'S', '0000000133'],
  ],
  'empty ones': [
    ['table', 'F', '00000000'],
    ['array', 'A', '00000000'],
    ['text', 'S', '00000000'],
    ['', 'V', ''],
  ],
  'true that is not 1': [['yes', 't', '02']],
  'text that is not UTF-8': [['text', 'S', '00000002c328']],
  'numbers at the ends': [
    ['l', 'l', '7fffffffffffffff'],
    ['t', 'T', 'ffffffffffffffff'],
    ['d', 'd', '8000000000000000'],
    ['f', 'f', '00000001'],
    ['i', 'i', 'ffffffff'],
    ['D', 'D', 'ffffffffff'],
  ],
};

/** The octets of what was rejected from a queue, as its dead letter has them; only the time of death is left out. */
const deadLetter =
  (fields: readonly Field[]): Scenario =>
  async (t) => {
    const raw = await t.rawChannel();
    const to = { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'dead' };
    await raw.quietly(async () => {
      await raw.ask('QueueDeclare', { queue: 'dead' });
      await raw.ask('QueueDeclare', { queue: 'q', arguments: to });
      raw.send(...message('', 'q', fields));
      await raw.ask('BasicGet', { queue: 'q' });
      await raw.until('body', 'ConnectionClose');
      raw.method('BasicReject', 1, { deliveryTag: 1, requeue: false });
      raw.method('BasicConsume', 1, { queue: 'dead', consumerTag: 'c', noAck: true });
      await raw.until('body', 'ConnectionClose');
    });
    t.say('dead', withoutTime(raw.contentHeader).toString('hex'));
  };

function message(exchange: string, routingKey: string, fields: readonly Field[]): Buffer[] {
  return [
    method('BasicPublish', 1, { exchange, routingKey }),
    headersFrame(1, table(...fields)),
    frame(3, 1, Buffer.from('x')),
  ];
}

function withoutTime(header: Buffer): Buffer {
  const at = header.indexOf('\x04timeT');
  return at < 0 ? header : Buffer.from(header).fill(0, at + 6, at + 14);
}

twins('a dead letter with headers', {
  ...Object.fromEntries(Object.entries(headers).map(([what, fields]) => [what, deadLetter(fields)])),
});

/** The same number in every type that can say it, a text, and what has no size. */
const twos: readonly Field[] = [
  ['v', 'b', '02'],
  ['v', 'B', '02'],
  ['v', 's', '0002'],
  ['v', 'u', '0002'],
  ['v', 'I', '00000002'],
  ['v', 'i', '00000002'],
  ['v', 'l', '0000000000000002'],
  ['v', 'T', '0000000000000002'],
  ['v', 'f', '40000000'],
  ['v', 'd', '4000000000000000'],
  ['v', 'D', '0000000002'],
  ['v', 't', '01'],
  ['v', 'S', '0000000132'],
  ['v', 'x', '0000000132'],
  ['v', 'A', '000000026202'],
  ['v', 'F', '00000004016b6202'],
  ['v', 'V', ''],
];

/** queue.bind with a table of octets. */
const bind = (queue: string, ...fields: Field[]) => {
  const short = (text: string) => Buffer.concat([Buffer.from([text.length]), Buffer.from(text)]);
  const names = [short(queue), short('amq.headers'), short('')];
  return frame(
    1,
    1,
    Buffer.concat([Buffer.from('003200140000', 'hex'), ...names, Buffer.from([0]), table(...fields)]),
  );
};

twins('a headers exchange', {
  'binds by a value of one type, and gets it in another': async (t) => {
    const raw = await t.rawChannel();
    await raw.quietly(async () => {
      for (const field of twos) {
        await raw.ask('QueueDeclare', { queue: field[1] });
        raw.send(bind(field[1], field));
        await raw.until('QueueBindOk', 'ConnectionClose');
      }
      for (const field of twos) raw.send(...message('amq.headers', '', [field]));
    });
    for (const [, type] of twos) t.say(`bound by ${type}`, await counted(raw, type));
  },
});

/** How many messages there are in a queue, told by a passive declaration. */
async function counted(raw: RawClient, queue: string): Promise<unknown> {
  raw.send(method('QueueDeclare', 1, { queue, passive: true }));
  return (await raw.next('QueueDeclareOk'))?.messageCount;
}

/** What the API shows of arguments, each type by itself: some of them RabbitMQ cannot write as JSON. */
const shown =
  (declare: (raw: RawClient, field: Field) => Promise<void>, path: (t: Stage) => string): Scenario =>
  async (t) => {
    const raw = await t.rawChannel();
    for (const field of [...everyType, nested(everyType.slice(0, 4)), list(everyType.slice(0, 4))]) {
      await raw.quietly(() => declare(raw, field));
      const { status, body } = await t.node.api('GET', path(t));
      t.say(`${field[1]} ${field[0]}`, status === 200 ? (body as { arguments: unknown }).arguments : 'none');
      await raw.quietly(() => raw.ask('QueueDelete', { queue: 'q' }));
    }
  };

twins('arguments as the API shows them', {
  'of a queue': shown(
    async (raw, field) => {
      const head = Buffer.from('0032000a00000171', 'hex');
      raw.send(frame(1, 1, Buffer.concat([head, Buffer.from([0]), table(field)])));
      await raw.until('QueueDeclareOk', 'ConnectionClose');
    },
    (t) => `queues/${t.vhost}/q`,
  ),
});
