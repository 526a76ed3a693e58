/** What a trace's log says of a few messages of every kind, in text and JSON, without what is each run's own. */
import { connect } from 'amqplib';
import type { EngineNode } from '../../engines/node.js';
import { until } from '../../engines/until.js';

export async function tracedLog(node: EngineNode): Promise<string> {
  const trace = (name: string, body: object) =>
    node.api('PUT', `traces/%2F/${name}`, { pattern: '#', ...body });
  await trace('text', { format: 'text', max_payload_bytes: 12 });
  await trace('json', { format: 'json' });
  await work(node);
  const text = await finished(node, 'text.log', 'Message ');
  const json = await finished(node, 'json.log', '"channel"');
  return `${text}\n${json}`
    .replaceAll(node.name, 'NODE')
    .replaceAll(/[\d.]+:\d+ -> [\d.]+:\d+/g, 'CONNECTION')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+[+-]\d\d:\d\d/g, 'TIME');
}

const steps = 8;

/** One after the other, so that there is one order only. */
async function work(node: EngineNode): Promise<void> {
  const connection = await connect(node.url);
  const channel = await connection.createConfirmChannel();
  await channel.assertQueue('traced', { durable: false });
  await channel.assertExchange('traced', 'topic', { durable: false });
  await channel.bindQueue('traced', 'traced', '#');
  const publish = async (exchange: string, key: string, body: string | Buffer, options = {}) => {
    channel.publish(exchange, key, Buffer.from(body), options);
    await channel.waitForConfirms();
  };
  await publish('traced', 'a.b', 'hello', {
    headers: { h: 1, s: 'str', t: true, n: null, f: 1.5, deep: { list: [1, 'two', { three: 3 }] } },
    contentType: 'text/plain',
    deliveryMode: 2,
    timestamp: 1_700_000_000,
    expiration: '60000',
  });
  await publish('', 'traced', 'müll ☃ and more than twelve bytes', { headers: { ключ: 'значение' } });
  await publish('traced', 'x', Buffer.from([0, 1, 255, 10, 65]), { CC: ['one', 'two'] });
  await publish('', 'nowhere', '');
  const got = await channel.get('traced');
  if (got) channel.nack(got);
  for (let count = 0; count < 3; count += 1) await channel.get('traced', { noAck: true });
  await channel.deleteQueue('traced');
  await connection.close();
}

/** The log, once every step is in it. */
async function finished(node: EngineNode, file: string, mark: string): Promise<string> {
  let text = '';
  await until(`${file} of ${node.name} has ${steps} messages`, async () => {
    const { port, authorization } = { port: node.specification.ports.management, authorization: guest };
    const answer = await fetch(`http://127.0.0.1:${port}/api/trace-files/${file}`, {
      headers: { authorization },
    });
    text = answer.ok ? await answer.text() : '';
    return text.split(mark).length - 1 >= steps;
  });
  return text;
}

const guest = `Basic ${Buffer.from('guest:guest').toString('base64')}`;
