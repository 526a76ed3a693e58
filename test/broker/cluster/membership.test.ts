import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually, MemoryLog, type Node, Nodes, rowsOf } from './nodes.js';

let nodes: Nodes;
beforeEach(() => {
  nodes = new Nodes();
});
afterEach(() => nodes.close());

const set = (node: Node, name: string, value: unknown) =>
  node.cluster.metadata.submit('global_parameter.set', { name, value });
const get = (node: Node, name: string) => node.cluster.metadata.tables.get('globalParameters', name)?.value;
const running = (node: Node) => node.cluster.peers.running().sort();

async function three(): Promise<[Node, Node, Node]> {
  nodes.peers = ['a@vm', 'b@vm', 'c@vm'];
  const made = nodes.peers.map((name) => nodes.make(name)) as [Node, Node, Node];
  await Promise.all(made.map((node) => nodes.start(node)));
  return made;
}

describe('a cluster', () => {
  it('is one node when nothing is configured, and seeds itself once', async () => {
    const a = nodes.make('a@vm');
    await nodes.start(a);
    expect(running(a)).toEqual(['a@vm']);
    expect(get(a, 'seeded_by')).toBe('a@vm');
    await a.cluster.stop();
    await a.cluster.start();
    await a.cluster.up({ queue: () => undefined });
    expect(nodes.seeded).toBe(1);
    expect(get(a, 'seeded_by')).toBe('a@vm');
  });

  it.each([
    [0, 1, 2],
    [2, 1, 0],
    [1, 2, 0],
    [2, 0, 1],
  ])('forms of blank nodes started in the order %i %i %i', async (...order) => {
    nodes.peers = ['a@vm', 'b@vm', 'c@vm'];
    const made = nodes.peers.map((name) => nodes.make(name));
    const starting: Promise<void>[] = [];
    for (const i of order) {
      starting.push(nodes.start(made[i] as Node));
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 30));
    }
    await Promise.all(starting);
    expect(nodes.seeded).toBe(1);
    for (const node of made) {
      expect(
        await eventually(
          () => running(node),
          (names) => names.length === 3,
        ),
      ).toEqual(nodes.peers);
      expect(get(node, 'seeded_by')).toBe('a@vm');
    }
  });

  it('shows everywhere what was submitted anywhere, as soon as that is answered', async () => {
    const made = await three();
    for (const [i, node] of made.entries()) {
      await set(node, `from ${i}`, i);
      for (const other of made) expect(get(other, `from ${i}`)).toBe(i);
    }
  });

  it('orders concurrent changes in one way', async () => {
    const made = await three();
    await Promise.all(Array.from({ length: 300 }, (_, i) => set(made[i % 3] as Node, `p${i % 7}`, i)));
    expect(rowsOf(made[1])).toEqual(rowsOf(made[0]));
    expect(rowsOf(made[2])).toEqual(rowsOf(made[0]));
    expect(made[1].cluster.metadata.tables.sequence).toBe(made[0].cluster.metadata.tables.sequence);
  });

  it('passes refusals of operations on as they are', async () => {
    const [, b] = await three();
    await expect(
      b.cluster.metadata.submit('policy.clear', { vhost: 'none', name: 'x' }),
    ).rejects.toMatchObject({ code: 'no_such_vhost' });
  });

  it('sees a node that was killed, and takes it back', async () => {
    const [a, b, c] = await three();
    const left = await nodes.kill(c);
    expect(
      await eventually(
        () => running(a),
        (names) => names.length === 2,
      ),
    ).toEqual(['a@vm', 'b@vm']);
    await set(b, 'while away', 1);
    const again = nodes.make('c@vm', left);
    await nodes.start(again);
    expect(get(again, 'while away')).toBe(1);
    expect(running(a)).toEqual(['a@vm', 'b@vm', 'c@vm']);
    expect(rowsOf(again)).toEqual(rowsOf(a));
  });

  it('goes on when the node that orders changes is killed in the middle of them', async () => {
    for (let round = 0; round < 5; round++) {
      const [a, b, c] = await three();
      const submitted = Array.from({ length: 60 }, (_, i) => set(i % 2 ? b : c, `r${round}-${i}`, i));
      await new Promise((resolve) => setTimeout(resolve, round));
      const left = await nodes.kill(a);
      await Promise.all(submitted);
      for (const node of [b, c]) {
        for (let i = 0; i < 60; i++) expect(get(node, `r${round}-${i}`)).toBe(i);
      }
      await eventually(
        () => running(b),
        (names) => names.length === 2,
      );
      const again = nodes.make('a@vm', left);
      await nodes.start(again);
      expect(rowsOf(again)).toEqual(rowsOf(b));
      expect(rowsOf(c)).toEqual(rowsOf(b));
      await nodes.close();
      nodes = new Nodes();
    }
  });

  it('stops and starts node by node without losing the order', async () => {
    const [a, b, c] = await three();
    await a.cluster.stop();
    expect(running(b)).toEqual(['b@vm', 'c@vm']);
    await set(b, 'x', 1);
    await b.cluster.stop();
    await set(c, 'x', 2);
    await a.cluster.start();
    await a.cluster.up({ queue: () => undefined });
    await b.cluster.start();
    await b.cluster.up({ queue: () => undefined });
    expect([a, b, c].map((node) => get(node, 'x'))).toEqual([2, 2, 2]);
    expect([a, b, c].map((node) => node.lost)).toEqual([[], [], []]);
  });

  it('comes back when all nodes were killed at once', async () => {
    const made = await three();
    // The oldest node is not the one that will lead.
    await made[0].cluster.stop();
    await made[0].cluster.start();
    await made[0].cluster.up({ queue: () => undefined });
    await set(made[1], 'kept', 'yes');
    const left: MemoryLog[] = [];
    for (const node of made) node.log.freeze();
    for (const node of made) left.push(await nodes.kill(node));
    const again = nodes.peers.map((name, i) => nodes.make(name, left[i]));
    await Promise.all([again[2], again[0], again[1]].map((node) => nodes.start(node as Node)));
    for (const node of again) {
      expect(
        await eventually(
          () => running(node),
          (names) => names.length === 3,
        ),
      ).toEqual(nodes.peers);
      expect(get(node, 'kept')).toBe('yes');
    }
    expect(nodes.seeded).toBe(1);
  });

  it('waits for the node that was stopped last', async () => {
    const [a, b] = await three();
    const c = nodes.nodes.get('c@vm') as Node;
    await c.cluster.close();
    await b.cluster.close();
    await set(a, 'last', 'a');
    await a.cluster.close();
    const early = nodes.make('b@vm', new MemoryLog(b.log));
    const starting = nodes.start(early);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(running(early)).not.toContain('b@vm');
    const last = nodes.make('a@vm', new MemoryLog(a.log));
    await nodes.start(last);
    await starting;
    expect(get(early, 'last')).toBe('a');
  });

  it('does not wait when its boot is forced, and is followed by the others', async () => {
    const [a, b] = await three();
    const c = nodes.nodes.get('c@vm') as Node;
    await c.cluster.close();
    await b.cluster.close();
    await a.cluster.close();
    const forced = nodes.make('b@vm', new MemoryLog(b.log), { forced: () => true });
    await nodes.start(forced);
    expect(running(forced)).toEqual(['b@vm']);
    const last = nodes.make('a@vm', new MemoryLog(a.log));
    await nodes.start(last);
    expect(running(last)).toEqual(['a@vm', 'b@vm']);
  });

  it("refuses another node's data, and leaves it as it was", async () => {
    const a = nodes.make('a@vm');
    await nodes.start(a);
    await set(a, 'mine', 'a');
    await a.cluster.close();
    const before = await new MemoryLog(a.log).load();
    const log = new MemoryLog(a.log);
    await expect(nodes.start(nodes.make('b@vm', log))).rejects.toThrow(
      'the data directory belongs to another cluster (a@vm), which b@vm is not a member of',
    );
    expect(await log.load()).toEqual(before);
  });
});

/** For a moment a node and these others do not reach each other. */
async function part(node: Node, others: readonly Node[], ms: number): Promise<void> {
  for (const { name } of others) node.cluster.block(name);
  await new Promise((resolve) => setTimeout(resolve, ms));
  for (const { name } of others) node.cluster.unblock(name);
}

/** As the whole node does with `pause_minority` and `autoheal`: one that is out stops its application and starts it again. */
function comesBackByItself({ cluster }: Node): void {
  cluster.onLost(async () => {
    await cluster.stop();
    const started = cluster.start().then(() => cluster.up({ queue: () => undefined }));
    await started.catch((error: Error) => expect(error.message).toContain('stopped'));
  });
}

describe('a node that was out of sight', () => {
  it.each([
    ['the one that orders changes', 0],
    ['the next one', 1],
    ['the youngest', 2],
  ])('never goes on by itself: %s', async (_, which) => {
    for (const from of [[0, 1], [0], [1]]) {
      const made = await three();
      made.forEach(comesBackByItself);
      const others = made.filter((_, i) => i !== which);
      const unseen = from.map((i) => others[i] as Node);
      await part(made[which] as Node, unseen, 50);
      const views = () => made.map((node) => node.cluster.peers.running().sort().join());
      const whole = await eventually(views, (all) => all.every((view) => view === nodes.peers.join()));
      expect(whole).toEqual(made.map(() => nodes.peers.join()));
      for (const [i, node] of made.entries()) await set(node, `afterwards ${i}`, i);
      for (const node of made) expect(rowsOf(node)).toEqual(rowsOf(made[0]));
      await nodes.close();
      nodes = new Nodes();
    }
  });
});

describe('membership', () => {
  it('grows by joining, as RabbitMQ words it', async () => {
    const a = nodes.make('a@vm');
    const b = nodes.make('b@vm');
    await nodes.start(a);
    await nodes.start(b);
    await b.cluster.stop();
    await expect(b.cluster.join('b@vm', 'disc')).rejects.toThrow('cannot cluster node with itself: b@vm');
    await expect(b.cluster.join('x@vm', 'disc')).rejects.toMatchObject({ code: 'node_unreachable' });
    expect(await b.cluster.join('a@vm', 'disc')).toBe('joined');
    expect(await b.cluster.join('a@vm', 'disc')).toBe('already_member');
    expect(running(a)).toEqual(['a@vm']);
    expect(await a.cluster.members()).toEqual([
      { name: 'a@vm', type: 'disc' },
      { name: 'b@vm', type: 'disc' },
    ]);
    await b.cluster.start();
    await b.cluster.up({ queue: () => undefined });
    expect(running(a)).toEqual(['a@vm', 'b@vm']);
    expect(get(b, 'seeded_by')).toBe('a@vm');
  });

  it('shrinks by forgetting, and a forgotten node is refused until it is reset', async () => {
    const [a, b] = await three();
    await expect(a.cluster.forget('b@vm', false)).rejects.toThrow(
      "RabbitMQ on node b@vm must be stopped with 'rabbitmqctl -n b@vm stop_app' before it can be removed",
    );
    await expect(a.cluster.forget('z@vm', false)).rejects.toThrow('The node selected is not in the cluster.');
    await b.cluster.stop();
    await a.cluster.forget('b@vm', false);
    expect((await a.cluster.members()).map(({ name }) => name)).toEqual(['a@vm', 'c@vm']);
    await expect(b.cluster.start()).rejects.toThrow(
      /^Node b@vm thinks it's clustered with node .@vm, but .@vm disagrees$/,
    );
    await b.cluster.reset(false);
    expect(await b.cluster.members()).toEqual([]);
    expect(await b.cluster.join('c@vm', 'disc')).toBe('joined');
    await b.cluster.start();
    await b.cluster.up({ queue: () => undefined });
    expect(running(a)).toEqual(['a@vm', 'b@vm', 'c@vm']);
  });

  it('refuses a node that was reset by force while its cluster remembers it', async () => {
    const [a, b] = await three();
    await b.cluster.stop();
    await b.cluster.reset(true);
    await expect(b.cluster.join('a@vm', 'disc')).rejects.toThrow(
      "Node a@vm thinks it's clustered with node b@vm, but b@vm disagrees",
    );
    await a.cluster.forget('b@vm', false);
    expect(await b.cluster.join('a@vm', 'disc')).toBe('joined');
  });

  it('leaves by reset, which takes another node that runs', async () => {
    const [a, b, c] = await three();
    await b.cluster.stop();
    await b.cluster.reset(false);
    expect((await a.cluster.members()).map(({ name }) => name)).toEqual(['a@vm', 'c@vm']);
    await c.cluster.stop();
    await a.cluster.stop();
    await expect(a.cluster.reset(false)).rejects.toMatchObject({ code: 'no_running_node' });
    await a.cluster.reset(true);
  });

  it('forgets a lost node from the disk of a stopped one', async () => {
    const [a, b, c] = await three();
    await a.cluster.stop();
    await nodes.kill(b);
    await nodes.kill(c);
    await a.cluster.forget('b@vm', true);
    await a.cluster.forget('c@vm', true);
    await a.cluster.start();
    await a.cluster.up({ queue: () => undefined });
    expect(running(a)).toEqual(['a@vm']);
  });

  it('keeps a stranger with another cookie out', async () => {
    await three();
    const d = nodes.make('d@vm', new MemoryLog(), { cookie: 'OTHER', peers: [] });
    await d.cluster.listen();
    await d.cluster.start();
    await d.cluster.up({ queue: () => undefined });
    expect(running(d)).toEqual(['d@vm']);
    await d.cluster.stop();
    await expect(d.cluster.join('a@vm', 'disc')).rejects.toMatchObject({ code: 'node_unreachable' });
  });
});
