/** Chapter 10 of the notes as a user types it, and what the notes get wrong about it, on both engines. */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { engines } from '../engines/engine.js';
import { until } from '../engines/until.js';
import { ended, freeBase, Warren } from './warren.js';

interface NodeStatus {
  node: string;
  vhosts: Record<string, boolean> | null;
}

describe.each(engines)('tracing with $name', ({ name: engine }) => {
  let warren: Warren;
  let base: number;

  beforeAll(async () => {
    warren = new Warren();
    base = await freeBase();
    const shape = ['--nodes', '2', '--engine', engine, '--plugins', 'rabbitmq_tracing'];
    const { status, stderr } = await warren.run(['up', ...shape, '--port-base', String(base)]);
    expect([status, stderr]).toEqual([0, expect.anything()]);
  });

  afterAll(() => warren.destroy());

  const trace = (...words: string[]) => warren.run(['trace', ...words]);
  const publish = (body: string, ...more: string[]) =>
    warren.run(['publish', '--queue', 'hello', ...more, body]);
  const url = () => ['--url', `http://guest:guest@127.0.0.1:${base + 10_000}`];
  const switches = async (...words: string[]) => {
    const { nodes } = await warren.json<{ nodes: NodeStatus[] }>(['trace', 'status', ...words]);
    return nodes.map(({ vhosts }) => vhosts?.['/']);
  };
  const pending = () =>
    readdirSync(path.join(warren.state, 'warren', 'traces')).filter((file) => file.endsWith('.json'));

  it('turns it on and off on every node, through any of them', async () => {
    expect(await switches()).toEqual([false, false]);
    const on = await trace('on');
    expect(on.stdout).toMatch(/rabbit-1@localhost +on\n *rabbit-2@localhost +on/);
    expect(await switches(...url())).toEqual([true, true]);
    expect((await trace('on')).stdout).toContain('on (it was on already)');
    expect((await trace('off', ...url())).status).toBe(0);
    expect(await switches()).toEqual([false, false]);
  });

  it('a vhost that is not there is an error, though trace_on says nothing', async () => {
    const { status, stderr } = await trace('on', '--vhost', 'nosuch');
    expect([status, stderr]).toEqual([69, expect.stringContaining("there is no vhost 'nosuch'")]);
  });

  it('a tail that was killed is noticed by the next command, unless somebody has decided anew', async () => {
    const kill = async (meanwhile: () => Promise<unknown>) => {
      const tail = warren.start(['trace', 'tail']);
      const done = ended(tail);
      await until('tracing is on', async () => (await switches()).every(Boolean));
      await meanwhile();
      tail.kill('SIGKILL');
      await done;
    };
    await kill(async () => expect(pending()).toHaveLength(1));
    expect(await switches()).toEqual([false, false]);
    expect(pending()).toEqual([]);
    await kill(() => trace('on'));
    expect(await switches()).toEqual([true, true]);
    await trace('off');
  });

  it('follows messages live by filters, and leaves nothing behind at Ctrl-C', async () => {
    await publish('before');
    const words = [
      'trace',
      'tail',
      '--json',
      '--queue',
      'hello',
      '--header',
      'origin=shell',
      '--body',
      '^two',
    ];
    const filtered = warren.start([...words, '--count', '2']);
    const all = warren.start(['trace', 'tail', ...url()]);
    const [seen, everything] = [ended(filtered), ended(all)];
    await until('tracing is on', async () => pending().length > 0 && (await switches()).every(Boolean));
    await publish('one\u001b[31m', '--header', 'origin=shell');
    await publish('two', '--header', 'origin=elsewhere');
    await publish('two, and this is it', '--header', 'origin=shell');
    await warren.run(['consume', '--queue', 'hello', '--count', '4']);
    const lines = (await seen).stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toMatchObject([
      { type: 'published', routed_queues: ['hello'], user: 'guest', payload: 'two, and this is it' },
      { type: 'received', queue: 'hello', redelivered: false, routing_keys: ['hello'], vhost: '/' },
    ]);
    all.kill('SIGINT');
    const { stdout, stderr } = await everything;
    expect(stdout).toContain('one\\u001b[31m');
    expect(stderr).toContain('Ctrl-C ends it');
    await until('tracing is off', async () => (await switches()).every((on) => on === false));
    expect(pending()).toEqual([]);
  });

  // RabbitMQ keeps its logs in one folder for every node of a machine; the rest is of `warren` alone.
  if (engine !== 'bundled') return;

  it('names a trace, whose log tells of publishes and deliveries through any node', async () => {
    const added = await trace('add', 'mine', '--format', 'json', '--node', '1');
    expect(added.stdout).toContain('rabbit-1@localhost into mine.log');
    expect(await switches()).toEqual([true, true]);
    await publish('in the log', '--node', '2');
    await warren.run(['consume', '--queue', 'hello', '--count', '1']);
    expect((await trace('list')).stdout).toMatch(/mine +\/ +rabbit-1@localhost +json +#/);
    await until(
      'the log has both',
      async () => (await trace('log', 'mine')).stdout.trim().split('\n').length > 1,
    );
    const { text } = await warren.json<{ text: string }>(['trace', 'log', 'mine', ...url()]);
    const records = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; node: string });
    expect(records.map(({ type }) => type)).toEqual(['published', 'received']);
    expect(records[0]?.node).toBe('rabbit-2@localhost');
    expect((await trace('remove', 'mine')).stdout).toContain('tracing is off');
    expect(await switches()).toEqual([false, false]);
    expect((await trace('remove', 'mine')).stderr).toContain("no node has a trace 'mine'");
    expect((await trace('log', 'nosuch')).stderr).toContain('choose one of: mine.log');
  });

  it('a node that restarts forgets it, and the same command turns it on again', async () => {
    await trace('on');
    await warren.run(['node', 'restart', '2']);
    expect(await switches()).toEqual([true, false]);
    expect((await trace('on')).stdout).toMatch(
      /rabbit-1@localhost +on \(it was on already\)\n.*rabbit-2@localhost +on\n/,
    );
    expect(await switches()).toEqual([true, true]);
    await trace('off');
  });

  it('--for turns it off though nobody waits', async () => {
    await trace('on', '--for', '2s');
    expect(pending()).toHaveLength(1);
    const file = path.join(warren.state, 'warren', 'traces', pending()[0]!);
    expect(statSync(file).mode & 0o077).toBe(0);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ cluster: 'rabbit', vhost: '/' });
    await until('tracing is off again', async () => pending().length === 0);
    expect(await switches()).toEqual([false, false]);

    expect((await trace('on', '--for', 'soon')).status).toBe(64);
  });

  it('a time that ran out while nobody could turn it off is finished by the next command', async () => {
    await trace('on');
    const overdue = { id: 'abc', cluster: 'rabbit', vhost: '/', until: Date.now() - 1 };
    writeFileSync(path.join(warren.state, 'warren', 'traces', 'abc.json'), JSON.stringify(overdue));
    expect(await switches()).toEqual([false, false]);
    expect(pending()).toEqual([]);
  });

  it('of two tails, the last to end turns it off', async () => {
    const first = warren.start(['trace', 'tail']);
    const firstEnds = ended(first);
    await until('tracing is on', async () => (await switches()).every(Boolean));
    const second = warren.start(['trace', 'tail']);
    const secondEnds = ended(second);
    await until('both follow', async () => pending().length === 2);
    first.kill('SIGINT');
    await firstEnds;
    expect(await switches()).toEqual([true, true]);
    second.kill('SIGINT');
    expect((await secondEnds).stderr).toContain('it was on already');
    expect(await switches()).toEqual([false, false]);
  });
});
