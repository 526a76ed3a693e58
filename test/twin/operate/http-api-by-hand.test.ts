import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type ChannelModel, connect } from 'amqplib';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { wordsOf } from '../../commands/in-process.js';
import { until } from '../../engines/until.js';
import { onBoth } from './stage.js';

/** Each block of the page: a line of curl, and the command that does the same. */
const page = readFileSync(path.resolve(import.meta.dirname, '../../../docs/http-api-by-hand.md'), 'utf8');
const pairs = [...page.matchAll(/```shell\n(curl .*)\n(.*warren .*)\n```/g)].map(([, curl, command]) => [
  curl!.replace(/.*(localhost:15672\S*).*/, '$1'),
  curl!,
  command!,
]);

/** What tells one row from another, whatever else is said of it. */
const identity = [
  'name',
  'vhost',
  'user',
  'type',
  'consumer_tag',
  'configure',
  'write',
  'read',
  'tags',
  'payload',
];

onBoth('the HTTP API by hand', (warren) => {
  const { node } = warren;
  const { amqp, management } = node.specification.ports;
  const names: Record<string, string> = { NODE: node.name };
  let client: ChannelModel;

  beforeAll(async () => {
    client = await connect(`amqp://127.0.0.1:${amqp}`);
    const channel = await client.createChannel();
    await channel.assertQueue('hello', { durable: true });
    await channel.assertQueue('read');
    await channel.consume('read', () => {}, { consumerTag: 'by-hand' });
    await until('the API tells of connection, channel and consumer', async () => {
      const [connection] = await warren.json<{ name: string }[]>('connection list --columns name,user');
      const channels = await warren.json<unknown[]>('channel list');
      names.NAME = connection?.name ?? '';
      names.ENCODED = encodeURIComponent(names.NAME);
      return names.NAME !== '' && channels.length > 0;
    });
  });
  afterAll(async () => {
    await client.close();
    for (const queue of ['hello', 'read']) await node.api('DELETE', `queues/%2F/${queue}`);
    for (const user of ['by-hand', 'by-command']) await node.api('DELETE', `users/${user}`);
  });

  test('the page has every row of the table', () => {
    expect(pairs.length).toBeGreaterThanOrEqual(20);
  });

  test.each(pairs)('%s', async (_, curl, command) => {
    const line = curl!.replaceAll('localhost:15672', `127.0.0.1:${management}`);
    const byHand = await execa('sh', ['-c', line], { env: names, reject: false });
    expect(byHand, byHand.stderr).toMatchObject({ exitCode: 0 });
    const [, echoed, typed] = /^(?:echo "(.*)" \| )?warren (.*)$/.exec(command!)!;
    const words = wordsOf(typed!).map((word) => word.replace(/\$(\w+)/g, (_, name) => names[name]!));
    const urls: Record<string, string> = { publish: `amqp://127.0.0.1:${amqp}`, health: warren.url };
    const url = urls[words[0]!] ? ['--url', urls[words[0]!]!] : [];
    const byCommand = await warren.run([...words, ...url, '--json'], {}, echoed);
    if (words[0] === 'health') return expect(byCommand.status, byCommand.stderr).toBeLessThan(3);
    expect(byCommand, byCommand.stderr).toMatchObject({ status: 0 });
    if (curl!.includes(' -X ') && !curl!.includes('/get')) return;
    expect(told(byCommand.stdout)).toEqual(told(byHand.stdout));
  });
});

function told(text: string): unknown[] {
  const rows = [JSON.parse(text)].flat() as Record<string, unknown>[];
  const known = rows.map((row) => identity.map((field) => [field, row[field] ?? null]));
  return known.map((row) => JSON.stringify(row)).sort();
}
