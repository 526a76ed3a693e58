/**
 * A node whose process stands still for longer than `net_ticktime`, and then goes on: the others went on without it, so
 * whatever it answers by itself would be lost. It is in turn the node that orders the changes of metadata and another
 * one; each time it leads a mirrored queue, and has a client of its own that publishes and declares all the while.
 */
import { type ChannelModel, type ConfirmChannel, connect } from 'amqplib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type EngineCluster, startCluster } from '../engines/cluster.js';
import { bundled } from '../engines/engine.js';
import type { EngineNode } from '../engines/node.js';
import { until } from '../engines/until.js';

/** Milliseconds. Where processors are short, nodes lose each other more than once before they are all together. */
const patience = 120_000;
const lines = ['net_ticktime = 5', 'cluster_partition_handling = pause_minority'];

let cluster: EngineCluster;
beforeAll(async () => {
  cluster = await startCluster(bundled, 3, lines);
});
afterAll(() => cluster?.destroy());

it.each([
  ['that orders the changes', 0],
  ['that follows', 2],
])(
  'a node %s comes back by itself, and has confirmed nothing alone',
  async (_, index) => {
    const away = cluster.nodes[index] as EngineNode;
    const others = cluster.nodes.filter((node) => node !== away) as [EngineNode, EngineNode];
    await allSee(cluster.nodes, cluster.nodes);
    const client = await Client.of(away, `kept-${index}`);
    await until('the mirrors have all', () => hasTwoMirrors(others[0], client.queue), patience);
    client.publishOnAndOn();
    await until('some are confirmed', async () => client.confirmed.length > 100, patience);

    process.kill(away.pid!, 'SIGSTOP');
    await allSee([others[0]], others);
    client.declare();
    process.kill(away.pid!, 'SIGCONT');
    await allSee(cluster.nodes, cluster.nodes);
    await client.end();

    const { stdout } = await others[1].ctl('list_queues', 'name', '--formatter', 'json');
    const queues = (JSON.parse(stdout) as { name: string }[]).map(({ name }) => name);
    expect(queues).toEqual(expect.arrayContaining(client.declared));
    expect(client.confirmed.length).toBeGreaterThan(100);
    const left = await drained(others[1], client.queue);
    expect(left.filter((number) => client.confirmed.includes(number))).toEqual(client.confirmed);
  },
  300_000,
);

class Client {
  readonly confirmed: number[] = [];
  readonly declared: string[] = [];
  #published = 0;
  #open = true;
  #work: Promise<unknown>[] = [];

  static async of(node: EngineNode, queue: string): Promise<Client> {
    await node.ctl('set_policy', 'mirrored', '^kept', '{"ha-mode":"all"}');
    const connection = await connect(`${node.url}?heartbeat=0`);
    connection.on('error', () => {});
    const channel = await connection.createConfirmChannel();
    channel.on('error', () => {});
    await channel.assertQueue(queue, { durable: true });
    return new Client(connection, channel, queue);
  }

  private constructor(
    private readonly connection: ChannelModel,
    private readonly channel: ConfirmChannel,
    readonly queue: string,
  ) {
    channel.on('close', () => {
      this.#open = false;
    });
  }

  publishOnAndOn(): void {
    this.#work.push(this.#publishing());
  }

  declare(): void {
    for (let number = 0; number < 20; number++) {
      const asked = this.channel.assertQueue(`${this.queue}-${number}`, { durable: true });
      this.#work.push(
        asked.then(
          ({ queue }) => this.declared.push(queue),
          () => {},
        ),
      );
    }
  }

  async end(): Promise<void> {
    this.#open = false;
    await Promise.all(this.#work);
    await this.connection.close().catch(() => {});
  }

  async #publishing(): Promise<void> {
    while (this.#open) {
      const number = this.#published++;
      this.channel.sendToQueue(this.queue, Buffer.from(`${number}`), { persistent: true }, (error) => {
        if (!error) this.confirmed.push(number);
      });
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }
}

async function allSee(nodes: readonly EngineNode[], members: readonly EngineNode[]): Promise<void> {
  const names = members.map(({ name }) => name).sort();
  for (const node of nodes) {
    const sees = async () => {
      const { status, stdout } = await node.ctl('cluster_status', '--formatter', 'json');
      if (status !== 0) return false;
      return (JSON.parse(stdout) as { running_nodes: string[] }).running_nodes.sort().join() === names.join();
    };
    await until(`${node.name} sees ${names}`, sees, patience, lastWords);
  }
}

/** The end of each node's log, for a failure. */
function lastWords(): string {
  return cluster.nodes.map(({ log }) => `\n${log.trim().split('\n').slice(-5).join('\n')}`).join('');
}

async function hasTwoMirrors(node: EngineNode, queue: string): Promise<boolean> {
  const { body } = await node.api('GET', `queues/%2F/${queue}`);
  return (body as { synchronised_slave_nodes?: string[] }).synchronised_slave_nodes?.length === 2;
}

async function drained(node: EngineNode, queue: string): Promise<number[]> {
  const connection = await connect(node.url);
  const channel = await connection.createChannel();
  const numbers: number[] = [];
  for (let message = await channel.get(queue, { noAck: true }); message; ) {
    numbers.push(Number(message.content));
    message = await channel.get(queue, { noAck: true });
  }
  await connection.close();
  return numbers;
}
