import { connect } from 'amqplib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ended, Warren } from '../../commands/warren.js';
import { until } from '../../engines/until.js';
import { onBoth } from './stage.js';

onBoth('messages', (operator) => {
  const { node } = operator;
  const amqp = `amqp://guest:guest@127.0.0.1:${node.specification.ports.amqp}/messages`;
  let warren: Warren;
  beforeAll(async () => {
    warren = new Warren({ WARREN_URL: operator.url });
    await node.api('PUT', 'vhosts/messages');
    await node.api('PUT', 'permissions/messages/guest', { configure: '.*', write: '.*', read: '.*' });
  });
  afterAll(async () => {
    await node.api('DELETE', 'vhosts/messages');
    await warren.destroy();
  });

  const inVhost = ['--vhost', 'messages'];
  const publish = (exchange: string, key: string, body: string, ...more: string[]) =>
    operator.run(['publish', '--url', amqp, '-e', exchange, '-r', key, body, ...more]);

  /** Follows from before the messages are published until it has seen `count`. */
  async function tapped(words: readonly string[], count: number, meanwhile: () => Promise<unknown>) {
    const tap = warren.start(['tap', ...words, ...inVhost, '-n', String(count)]);
    const end = ended(tap);
    let said = '';
    tap.stderr?.on('data', (text) => {
      said += text;
    });
    await until('it watches', async () => said.includes('Ctrl-C'));
    await meanwhile();
    return end;
  }

  test('tap shows copies of what matches, and takes nothing from anybody', async () => {
    await operator.said(['queue', 'declare', 'mine', ...inVhost]);
    await operator.said(['binding', 'add', 'amq.topic', 'mine', '--routing-key', 'kern.#', ...inVhost]);
    const watched = [
      'amq.topic',
      '-r',
      'kern.*',
      '-r',
      '#.critical',
      '--header',
      'origin=^sh',
      '--body',
      'pan',
    ];
    const { status, stdout } = await tapped([...watched, '--json'], 2, async () => {
      await publish('amq.topic', 'kern.info', 'no', '--header', 'origin=shell');
      await publish('amq.topic', 'kern.info', 'panic', '--header', 'origin=cron');
      await publish('amq.topic', 'kern.critical', 'panic 1', '--header', 'origin=shell');
      await publish('amq.topic', 'kern.disk.critical', 'panic 2', '--header', 'origin=shell');
    });
    expect(status).toBe(0);
    const seen = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(seen.map(({ routing_key, payload }) => [routing_key, payload])).toEqual([
      ['kern.critical', 'panic 1'],
      ['kern.disk.critical', 'panic 2'],
    ]);
    expect(seen[0]).toMatchObject({
      exchange: 'amq.topic',
      properties: { headers: { origin: 'shell' } },
      payload_encoding: 'string',
    });
    expect(await operator.json(['get', 'mine', '-n', '9', ...inVhost])).toHaveLength(4);
    await until(
      'its queue is gone',
      async () => (await operator.json<unknown[]>(['queue', 'list', ...inVhost])).length === 1,
    );
  });

  test('tap of a direct exchange sees the keys that are bound; nothing of a message commands a terminal', async () => {
    const [key, body] = ['k\u001b[2J', 'one\u001b[31m\ntwo\u202e'];
    await operator.said(['binding', 'add', 'amq.direct', 'mine', '--routing-key', key, ...inVhost]);
    const { stdout, stderr } = await tapped(['amq.direct'], 1, () => publish('amq.direct', key, body));
    expect(stdout).toMatch(
      /Z exchange 'amq.direct' key 'k\\u001b\[2J'\n {2}.*\n {2}one\\u001b\[31m\n {2}two\\u202e\n$/,
    );
    for (const sign of ['\u001b', '\u202e']) expect(stdout + stderr).not.toContain(sign);
  });

  test('tap refuses what it would disturb, and what no queue can be bound to', async () => {
    await node.api('PUT', 'exchanges/messages/shares', { type: 'x-consistent-hash' });
    const shares = await operator.run(['tap', 'shares', ...inVhost]);
    expect([shares.status, shares.stderr]).toEqual([
      64,
      expect.stringMatching(/of type x-consistent-hash does not.*warren trace tail --exchange shares/s),
    ]);
    const none = await operator.run(['tap', 'amq.nosuch', ...inVhost]);
    expect([none.status, none.stderr]).toEqual([69, expect.stringContaining("no exchange 'amq.nosuch'")]);
    expect(await operator.run(['tap', '', ...inVhost])).toMatchObject({
      status: 64,
      stderr: expect.stringContaining('warren trace tail --queue'),
    });
    expect(await operator.run(['tap', 'amq.topic', '--body', '(', ...inVhost])).toMatchObject({ status: 64 });
  });

  test('rpc asks and prints the answer, byte for byte', async () => {
    const connection = await connect(amqp);
    const channel = await connection.createChannel();
    await channel.assertQueue('prices', { autoDelete: true });
    await channel.consume('prices', (message) => {
      const { replyTo, correlationId, headers } = message!.properties;
      channel.publish('', replyTo, Buffer.from('too late for another'), { correlationId: 'else' });
      channel.publish('', replyTo, Buffer.from(`${message!.content}: ${headers?.unit}`), { correlationId });
      channel.ack(message!);
    });
    const ask = ['rpc', '--url', amqp, '--header', 'unit=pound'];
    expect(await operator.said([...ask, '--queue', 'prices', 'ham'])).toBe('ham: pound\n');
    expect(await operator.said([...ask, '--queue', 'prices'], 'from a pipe\n')).toBe('from a pipe: pound\n');
    expect(await operator.json([...ask, '-e', '', '-r', 'prices', 'spam'])).toMatchObject({
      payload: 'spam: pound',
      payload_encoding: 'string',
    });
    await connection.close();
  });

  test('rpc without an answer: 75 in time, 69 at once where nobody is asked', async () => {
    await operator.said(['queue', 'declare', 'deaf', ...inVhost]);
    expect(
      await operator.run(['rpc', '--url', amqp, '--queue', 'deaf', '--timeout', '1', 'x']),
    ).toMatchObject({
      status: 75,
      stdout: '',
      stderr: expect.stringContaining("no answer in 1 s to the request to queue 'deaf'"),
    });
    const nobody = await operator.run(['rpc', '--url', amqp, '--queue', 'nosuch', '--json', 'x']);
    expect([nobody.status, nobody.stdout]).toEqual([69, expect.stringContaining('MESSAGE_UNROUTABLE')]);
    expect((await operator.run(['rpc', '--url', amqp, 'x'])).status).toBe(64);
  });
});
