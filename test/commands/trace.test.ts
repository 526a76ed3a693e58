/** Tracing is switched on every node at once, and a vhost that is not there is an error, on both engines. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { engines } from '../engines/engine.js';
import { freeBase, Warren } from './warren.js';

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
    const shape = ['--name', 'traced', '--nodes', '2', '--engine', engine, '--plugins', 'rabbitmq_tracing'];
    const { status, stderr } = await warren.run(['up', ...shape, '--port-base', String(base)]);
    expect([status, stderr]).toEqual([0, expect.anything()]);
  });

  afterAll(() => warren.destroy());

  const trace = (...words: string[]) => warren.run(['trace', ...words]);
  const url = () => ['--url', `http://guest:guest@127.0.0.1:${base + 10_000}`];
  const switches = async (...words: string[]) => {
    const { nodes } = await warren.json<{ nodes: NodeStatus[] }>(['trace', 'status', ...words]);
    return nodes.map(({ vhosts }) => vhosts?.['/']);
  };

  it('turns it on and off on every node, through any of them', async () => {
    expect(await switches()).toEqual([false, false]);
    const on = await trace('on');
    expect(on.stdout).toMatch(/traced-1@localhost +on\n *traced-2@localhost +on/);
    expect(await switches(...url())).toEqual([true, true]);
    expect((await trace('on')).stdout).toContain('on (it was on already)');
    expect((await trace('off', ...url())).status).toBe(0);
    expect(await switches()).toEqual([false, false]);
  });

  it('a vhost that is not there is an error, though trace_on says nothing', async () => {
    const { status, stderr } = await trace('on', '--vhost', 'nosuch');
    expect([status, stderr]).toEqual([69, expect.stringContaining("there is no vhost 'nosuch'")]);
  });
});
