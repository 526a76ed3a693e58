import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type BrokerNode,
  Brokers,
  declare,
  getAll,
  message,
  mirrorAll,
  Outcomes,
  queueOn,
  rowOn,
  TestConsumer,
} from './brokers.js';
import { eventually, type MemoryLog } from './nodes.js';

let nodes: Brokers;
let a: BrokerNode;
let b: BrokerNode;
let c: BrokerNode;
beforeEach(async () => {
  nodes = new Brokers();
  [a, b, c] = await nodes.three();
});
afterEach(() => nodes.close());

const settled = (outcomes: Outcomes) =>
  eventually(
    () => outcomes.open,
    (open) => open === 0,
  );
const leaderOf = (node: BrokerNode, name: string, leader: string) =>
  eventually(
    () => rowOn(node, name)?.leader,
    (now) => now === leader,
  );
const syncedOf = (node: BrokerNode, name: string, synced: string[]) =>
  eventually(
    () => rowOn(node, name)?.syncedMirrors,
    (now) => now?.join() === synced.join(),
  );

describe('a mirrored queue', () => {
  it('has its mirrors in sync from the start, and fails over with everything confirmed', async () => {
    await mirrorAll(a);
    await declare(a, 'q');
    expect(rowOn(b, 'q')).toMatchObject({ leader: 'a@vm', syncedMirrors: ['b@vm', 'c@vm'] });
    const outcomes = new Outcomes();
    for (let i = 0; i < 200; i++) outcomes.publish(queueOn(i % 2 ? b : a, 'q'), message(`${i}`));
    await settled(outcomes);
    expect(outcomes.confirmed.size).toBe(200);
    await nodes.kill(a);
    expect(await leaderOf(c, 'q', 'b@vm')).toBe('b@vm');
    const bodies = await getAll(queueOn(c, 'q'), 'c@vm');
    expect(bodies.map(Number).sort((x, y) => x - y)).toEqual(Array.from({ length: 200 }, (_, i) => i));
  });

  it('mirrors transient messages and transient queues too', async () => {
    await mirrorAll(a);
    await declare(a, 'q', { durable: false });
    const outcomes = new Outcomes();
    for (let i = 0; i < 50; i++) outcomes.publish(queueOn(c, 'q'), message(`${i}`, { persistent: false }));
    await settled(outcomes);
    await nodes.kill(a);
    await leaderOf(c, 'q', 'b@vm');
    expect(await getAll(queueOn(c, 'q'), 'c@vm')).toHaveLength(50);
  });

  it('gives what was unacknowledged again, redelivered, to consumers that stay subscribed', async () => {
    await mirrorAll(a);
    await declare(a, 'q');
    const consumer = new TestConsumer('c@vm', false, 2);
    const unwilling = new TestConsumer('c@vm', false, 1, {
      arguments: [{ key: 'x-cancel-on-ha-failover', type: 't', value: true }],
    });
    const queue = queueOn(c, 'q');
    await queue.consume(consumer);
    const outcomes = new Outcomes();
    for (let i = 0; i < 6; i++) outcomes.publish(queueOn(b, 'q'), message(`${i}`));
    await settled(outcomes);
    await eventually(
      () => consumer.got.length,
      (length) => length === 2,
    );
    queue.acknowledge(consumer, consumer.got[0]?.position as number);
    await eventually(
      () => consumer.got.length,
      (length) => length === 3,
    );
    await queue.consume(unwilling);
    await nodes.kill(a);
    await eventually(
      () => consumer.got.length,
      (length) => length === 5,
    );
    expect(consumer.got.slice(3).map(({ body, redelivered }) => `${body} ${redelivered}`)).toEqual([
      '1 true',
      '2 true',
    ]);
    expect(unwilling.gone).toBe(true);
    expect(consumer.gone).toBe(false);
    // An acknowledgement of what the dead leader delivered settles nothing.
    queue.acknowledge(consumer, consumer.got[1]?.position as number);
    expect((await queueOn(b, 'q').info()).messages_unacknowledged).toBe(2);
    for (const { queue: from, position } of consumer.got.slice(3)) from.acknowledge(consumer, position);
    await eventually(
      () => consumer.got.length,
      (length) => length === 7,
    );
    expect(consumer.got.slice(5).map(({ body }) => body)).toEqual(['3', '4']);
  });

  it('does not let a mirror that died hold confirms back', async () => {
    await mirrorAll(a);
    await declare(a, 'q');
    const outcomes = new Outcomes();
    outcomes.publish(queueOn(a, 'q'), message('before'));
    await settled(outcomes);
    const killed = nodes.kill(c);
    for (let i = 0; i < 20; i++) outcomes.publish(queueOn(a, 'q'), message(`${i}`));
    await killed;
    await settled(outcomes);
    expect(outcomes.confirmed.size).toBe(21);
    expect(rowOn(a, 'q')).toMatchObject({ mirrors: ['b@vm'], recoverableMirrors: ['c@vm'] });
  });

  it('brings a new mirror into sync by itself when the policy says automatic', async () => {
    await declare(a, 'q');
    const outcomes = new Outcomes();
    for (let i = 0; i < 300; i++) outcomes.publish(queueOn(a, 'q'), message(`${i}:${'x'.repeat(3000)}`));
    const consumer = new TestConsumer('a@vm', false, 5);
    await queueOn(a, 'q').consume(consumer);
    await settled(outcomes);
    await mirrorAll(c);
    for (let i = 300; i < 400; i++) outcomes.publish(queueOn(b, 'q'), message(`${i}:`));
    for (const { position } of consumer.got.slice(0, 3)) queueOn(a, 'q').acknowledge(consumer, position);
    expect(await syncedOf(b, 'q', ['b@vm', 'c@vm'])).toEqual(['b@vm', 'c@vm']);
    await settled(outcomes);
    await nodes.kill(a);
    await leaderOf(b, 'q', 'b@vm');
    const bodies = await getAll(queueOn(b, 'q'), 'b@vm');
    expect(bodies.map((body) => Number.parseInt(body, 10))).toEqual(
      Array.from({ length: 397 }, (_, i) => i + 3),
    );
  });

  it('leaves a new mirror out of sync by default, until what it lacks has been consumed', async () => {
    await declare(a, 'q');
    for (let i = 0; i < 3; i++) queueOn(a, 'q').publish(message(`${i}`), null, 0);
    await mirrorAll(a, { 'ha-sync-mode': 'manual', 'ha-promote-on-failure': 'when-synced' });
    const outcomes = new Outcomes();
    outcomes.publish(queueOn(a, 'q'), message('3'));
    await settled(outcomes);
    expect(rowOn(b, 'q')?.syncedMirrors).toEqual([]);
    const getter = new TestConsumer('a@vm', true);
    for (let i = 0; i < 3; i++) await queueOn(a, 'q').get(getter);
    expect(await syncedOf(b, 'q', ['b@vm', 'c@vm'])).toEqual(['b@vm', 'c@vm']);
    await nodes.kill(a);
    await leaderOf(c, 'q', 'b@vm');
    expect(await getAll(queueOn(c, 'q'), 'c@vm')).toEqual(['3']);
  });

  it('copies a long queue to a new mirror in pieces, while it is used', async () => {
    await declare(a, 'q');
    const outcomes = new Outcomes();
    for (let i = 0; i < 12_000; i++)
      outcomes.publish(queueOn(a, 'q'), message(`${i}`, { persistent: i % 3 > 0 }));
    await settled(outcomes);
    await mirrorAll(a);
    const consumer = new TestConsumer('a@vm', true);
    for (let i = 0; i < 500; i++) await queueOn(a, 'q').get(consumer);
    for (let i = 12_000; i < 12_500; i++) outcomes.publish(queueOn(b, 'q'), message(`${i}`));
    await settled(outcomes);
    expect(await syncedOf(b, 'q', ['b@vm', 'c@vm'])).toEqual(['b@vm', 'c@vm']);
    await nodes.kill(a);
    await leaderOf(b, 'q', 'b@vm');
    const bodies = await getAll(queueOn(b, 'q'), 'b@vm');
    expect(bodies.map(Number)).toEqual(Array.from({ length: 12_000 }, (_, i) => i + 500));
  });

  it('is not copied any further once it was purged', async () => {
    await declare(a, 'q');
    for (let i = 0; i < 5000; i++) queueOn(a, 'q').publish(message(`${i}`), null, 0);
    await mirrorAll(a);
    await eventually(
      () => rowOn(a, 'q')?.mirrors.length,
      (length) => length === 2,
    );
    expect(await queueOn(a, 'q').purge()).toBe(5000);
    const outcomes = new Outcomes();
    outcomes.publish(queueOn(a, 'q'), message('after'));
    await settled(outcomes);
    expect(await syncedOf(b, 'q', ['b@vm', 'c@vm'])).toEqual(['b@vm', 'c@vm']);
    await nodes.kill(a);
    await leaderOf(b, 'q', 'b@vm');
    expect(await getAll(queueOn(b, 'q'), 'b@vm')).toEqual(['after']);
  });

  it('brings mirrors into sync when asked to', async () => {
    await declare(a, 'q');
    for (let i = 0; i < 3; i++) queueOn(a, 'q').publish(message(`${i}`), null, 0);
    await mirrorAll(a, { 'ha-sync-mode': 'manual' });
    expect(rowOn(b, 'q')?.syncedMirrors).toEqual([]);
    // The mirrors have to say what they lack first.
    const outcomes = new Outcomes();
    outcomes.publish(queueOn(a, 'q'), message('3'));
    await settled(outcomes);
    expect(await c.cluster.peers.call('a@vm', 'queue.sync', { vhost: '/', name: 'none' })).toBe(false);
    expect(await c.cluster.peers.call('a@vm', 'queue.sync', { vhost: '/', name: 'q' })).toBe(true);
    expect((await syncedOf(b, 'q', ['b@vm', 'c@vm']))?.length).toBe(2);
    await nodes.kill(a);
    await leaderOf(c, 'q', 'b@vm');
    expect(await getAll(queueOn(c, 'q'), 'c@vm')).toEqual(['0', '1', '2', '3']);
  });

  it('is not led by a mirror out of sync when the policy forbids it', async () => {
    await declare(a, 'q');
    for (let i = 0; i < 3; i++) queueOn(a, 'q').publish(message(`${i}`), null, 0);
    await mirrorAll(a, { 'ha-sync-mode': 'manual', 'ha-promote-on-failure': 'when-synced' });
    const left = await nodes.kill(a);
    await eventually(
      () => b.cluster.peers.running().length,
      (count) => count === 2,
    );
    expect(rowOn(b, 'q')).toMatchObject({ leader: 'a@vm', mirrors: [] });
    await expect(queueOn(b, 'q').counts()).rejects.toMatchObject({ reply: 'NOT_FOUND' });
    await nodes.boot('a@vm', left, { messageStore: a.options.messageStore });
    await eventually(
      () =>
        queueOn(b, 'q')
          .counts()
          .catch(() => null),
      (counts) => counts?.messages === 3,
    );
    expect(rowOn(b, 'q')?.mirrors).toEqual(['b@vm', 'c@vm']);
  });

  it('takes a node back as a mirror, with what it missed and without what it should not have', async () => {
    await mirrorAll(a);
    await declare(a, 'q');
    const outcomes = new Outcomes();
    for (let i = 0; i < 10; i++) outcomes.publish(queueOn(a, 'q'), message(`${i}`));
    await settled(outcomes);
    const left = await nodes.kill(a);
    await leaderOf(b, 'q', 'b@vm');
    const getter = new TestConsumer('b@vm', true);
    for (let i = 0; i < 5; i++) await queueOn(b, 'q').get(getter);
    for (let i = 10; i < 15; i++) outcomes.publish(queueOn(c, 'q'), message(`${i}`));
    await settled(outcomes);
    const again = await nodes.boot('a@vm', left, { messageStore: a.options.messageStore });
    expect(await syncedOf(again, 'q', ['c@vm', 'a@vm'])).toEqual(['c@vm', 'a@vm']);
    await nodes.kill(b);
    await leaderOf(again, 'q', 'c@vm');
    await nodes.kill(c);
    await leaderOf(again, 'q', 'a@vm');
    expect(await getAll(queueOn(again, 'q'), 'a@vm')).toEqual(
      Array.from({ length: 10 }, (_, i) => `${i + 5}`),
    );
  });

  it('keeps its content when all nodes are stopped and started, or killed at once', async () => {
    await mirrorAll(a);
    await declare(b, 'q');
    const outcomes = new Outcomes();
    for (let i = 0; i < 10; i++) outcomes.publish(queueOn(a, 'q'), message(`${i}`));
    await settled(outcomes);
    const stores = [a, b, c].map((node) => node.options.messageStore);
    for (const node of [a, b, c]) node.log.freeze();
    const left: MemoryLog[] = [];
    for (const node of [a, b, c]) left.push(await nodes.kill(node));
    const again = await Promise.all(
      [c, a, b].map((node) => {
        const i = [a, b, c].indexOf(node);
        return nodes.boot(node.name, left[i], { messageStore: stores[i] as never });
      }),
    );
    await eventually(
      () => again.map((node) => node.cluster.peers.running().length),
      (counts) => counts.every((count) => count === 3),
    );
    const bodies = await getAll(queueOn(again[0] as BrokerNode, 'q'), 'c@vm');
    expect(bodies).toEqual(Array.from({ length: 10 }, (_, i) => `${i}`));
  });

  it('loses nothing confirmed over many deaths of leaders under load', async () => {
    await mirrorAll(a);
    await declare(a, 'q');
    const outcomes = new Outcomes();
    const bodies = new Map<number, string>();
    let live: BrokerNode[] = [a, b, c];
    let made = 0;
    for (let round = 0; round < 12; round++) {
      const leader = live.find(
        (node) => node.name === rowOn(live[0] as BrokerNode, 'q')?.leader,
      ) as BrokerNode;
      const others = live.filter((node) => node !== leader);
      const publisher = others[round % others.length] as BrokerNode;
      const count = 20 + Math.floor(Math.random() * 200);
      for (let i = 0; i < count; i++) {
        made++;
        bodies.set(outcomes.publish(queueOn(publisher, 'q'), message(`${made}`)), `${made}`);
        if (i % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      const left = await nodes.kill(leader);
      await settled(outcomes);
      await eventually(
        () => rowOn(publisher, 'q')?.leader !== leader.name,
        (moved) => moved,
      );
      const again = await nodes.boot(leader.name, left, { messageStore: leader.options.messageStore });
      live = [...others, again];
      await eventually(
        () => rowOn(publisher, 'q')?.syncedMirrors.length,
        (length) => length === 2,
      );
    }
    expect(outcomes.open).toBe(0);
    const held = new Set(await getAll(queueOn(live[0] as BrokerNode, 'q'), live[0]?.name as string));
    const lost = [...outcomes.confirmed].filter((sequence) => !held.has(bodies.get(sequence) as string));
    expect(lost).toEqual([]);
    expect(outcomes.confirmed.size).toBeGreaterThan(50);
  });
});
