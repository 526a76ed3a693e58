import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { engines } from '../engines/engine.js';
import { until } from '../engines/until.js';
import { freeBase, Warren } from './warren.js';

interface Queue {
  queue: string;
  messages: number;
  leader: string;
  mirrors: string[];
  unsynchronised: string[];
}

interface Status {
  agree: boolean;
  views: { node: string; answer: string; running?: string[] }[];
  queues: Queue[];
}

describe.each(engines)('two nodes of engine $name', (engine) => {
  const warren = new Warren();
  const name = ['--name', `t${process.pid}${engine.name}`];
  let raised: { status: number | null; stdout: string; stderr: string };

  beforeAll(async () => {
    const base = String(await freeBase());
    const where = ['--engine', engine.name, '--engine-dir', engine.folder, '--port-base', base];
    raised = await warren.run(['up', '-n', '2', '--verify', ...name, ...where]);
  });
  afterAll(() => warren.destroy());

  const queue = async (name: string) =>
    (await warren.json<Status>(['status'])).queues.find(({ queue }) => queue === name);

  test('real messages went from one node to the other before up said so', () => {
    expect(raised).toMatchObject({ status: 0 });
    expect(raised.stdout).toMatch(
      /Verified: 100 messages confirmed by \S+-1@localhost, 100 consumed from \S+-2@/,
    );
  });

  test('published on one node, mirrored on the other, consumed there in order', async () => {
    const sent = await warren.run(['publish', '--queue', 'hello', 'one', 'two', 'thrée']);
    expect(sent.stdout).toMatch(/^Published 3 messages to queue hello on \S+-1@localhost: confirmed\.\n$/);
    await until('the queue has its mirror', async () => {
      const seen = await queue('hello');
      return seen?.mirrors.length === 1 && seen.unsynchronised.length === 0;
    });
    const received = await warren.run(['consume', '--queue', 'hello', '--count', '3']);
    expect(received).toMatchObject({ status: 0, stdout: 'one\ntwo\nthrée\n' });
    const none = await warren.run(['consume', '--queue', 'hello', '--count', '1', '--timeout', '1']);
    expect(none).toMatchObject({
      status: 75,
      stdout: '',
      stderr: expect.stringContaining('0 of 1 messages'),
    });
  });

  test('headers, persistence and bodies of any bytes arrive as one document', async () => {
    await warren.run(['publish', '-q', 'doc', '--header', 'origin=shell', 'text']);
    await warren.run(['publish', '-q', 'doc', '--no-persistent'], {}, 'from standard input\n');
    const { messages } = await warren.json<{ messages: unknown[] }>(['consume', '-q', 'doc', '--count', '2']);
    expect(messages).toMatchObject([
      { routing_key: 'doc', payload: 'text', properties: { headers: { origin: 'shell' }, deliveryMode: 2 } },
      { payload: 'from standard input', payload_encoding: 'string', properties: { deliveryMode: 1 } },
    ]);
  });

  test('consuming without a count leaves what it did not take, and acknowledges what it took', async () => {
    await warren.run(['publish', '-q', 'rest', 'x', '--count', '5']);
    await warren.run(['consume', '-q', 'rest', '--count', '2']);
    expect((await warren.run(['consume', '-q', 'rest', '--timeout', '1'])).stdout).toBe('x\nx\nx\n');
  });

  test('a message that no queue takes, and a queue that is not there', async () => {
    const lost = await warren.run(['publish', '-e', 'amq.direct', '-r', 'nowhere', 'a', 'b']);
    expect(lost).toMatchObject({
      status: 69,
      stdout: '',
      stderr: expect.stringContaining('2 messages went nowhere'),
    });
    const exchange = await warren.run(['publish', '-e', 'no-such', '-r', 'x', 'a']);
    expect(exchange).toMatchObject({ status: 69, stderr: expect.stringContaining("no exchange 'no-such'") });
    const missing = await warren.run(['consume', '-q', 'no-such', '--count', '1']);
    expect(missing).toMatchObject({ status: 69, stderr: expect.stringContaining("no queue 'no-such'") });
    const vhost = await warren.run(['publish', '--vhost', 'no-such', '-q', 'a', 'b']);
    expect(vhost.status).toBe(69);
  });

  test('a wrong password is not permitted', async () => {
    const ps = await warren.json<{ clusters: { nodes: { amqp: number; management: string }[] }[] }>(['ps']);
    const { amqp, management } = ps.clusters[0]!.nodes[0]!;
    const url = `amqp://guest:wrong@127.0.0.1:${amqp}`;
    expect((await warren.run(['publish', '--url', url, '-q', 'a', 'b'])).status).toBe(77);
    const api = management.replace('//', '//guest:wrong@');
    expect((await warren.run(['status', '--url', api])).status).toBe(77);
    await warren.succeeds(['status', '--url', management]);
  });

  test('no confirmed message is lost to a kill -9 of the node that led the queue', async () => {
    await warren.run(['publish', '-q', 'safe', 'kept', '--count', '50', '--node', '1']);
    await until('the mirror is synchronised', async () => (await queue('safe'))?.unsynchronised.length === 0);
    const leader = (await queue('safe'))!.leader;
    await warren.run(['node', 'kill', leader]);
    const status = await warren.json<Status>(['status']);
    expect(status.views.find(({ node }) => node === leader)?.answer).toBe('stopped');
    const { stdout } = await warren.run(['consume', '-q', 'safe', '--count', '50']);
    expect(stdout).toBe('kept\n'.repeat(50));
    await warren.succeeds(['node', 'start', leader]);
    await until('both nodes run in the view of both', async () => {
      const { views, agree } = await warren.json<Status>(['status']);
      return agree && views.every(({ running }) => running?.length === 2);
    });
  });

  test('durable queues and persistent messages are there after down and up', async () => {
    await warren.run(['publish', '-q', 'kept', 'over night']);
    await warren.succeeds(['down']);
    await warren.succeeds(['up', ...name]);
    expect((await warren.run(['consume', '-q', 'kept', '--count', '1'])).stdout).toBe('over night\n');
  });

  test('a node that was added is joined; its data can be reset; it can be removed again', async () => {
    const added = await warren.json<{ node: string }>(['node', 'add']);
    const running = async () => (await warren.json<Status>(['status'])).views.at(-1)?.running?.length;
    expect(await running()).toBe(3);
    await warren.succeeds(['node', 'reset', added.node, '--yes']);
    expect(await running()).toBe(3);
    await warren.succeeds(['node', 'remove', added.node, '--yes']);
    expect(await running()).toBe(2);
  });

  test('a node that starts alone is another cluster until it is joined; what it holds is exported first', async () => {
    await warren.succeeds(['node', 'add', `s${process.pid}`, '--alone']);
    expect((await warren.json<Status>(['status'])).agree).toBe(false);
    await warren.run(['publish', '-q', 'mine', 'x', '--node', `s${process.pid}`]);
    const asked = await warren.run(['node', 'join', `s${process.pid}`]);
    expect(asked).toMatchObject({ status: 64, stderr: expect.stringContaining('1 queue') });
    const joined = await warren.json<{ exported: string }>(['node', 'join', `s${process.pid}`, '--yes']);
    expect(joined.exported).toMatch(/definitions-.*\.json$/);
    const status = await warren.json<Status>(['status']);
    expect(status.agree).toBe(true);
    expect(status.queues.map(({ queue }) => queue)).not.toContain('mine');
  });
});
