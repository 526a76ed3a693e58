import { setTimeout as pause } from 'node:timers/promises';
import { until } from '../engines/until.js';
import { answers } from './clients.js';
import { holdersOf } from './holders.js';
import type { Host } from './host.js';
import { Site } from './site.js';

/** Each broker's own view of who is a member and runs, by host; `undefined` from one that does not answer. */
export async function views(brokers: readonly Host[]): Promise<(string | undefined)[]> {
  return await Promise.all(
    brokers.map(async (host) => {
      const { status, stdout } = await host.ssh('rabbitmqctl --quiet cluster_status --formatter json');
      if (status !== 0) return undefined;
      const { disk_nodes, running_nodes } = JSON.parse(stdout) as Record<string, string[]>;
      return `members ${disk_nodes!.toSorted().join(' ')}; running ${running_nodes!.toSorted().join(' ')}`;
    }),
  );
}

/** What every one of these says when they are one cluster and all of it runs. */
export function agreed(brokers: readonly Host[]): string[] {
  const nodes = brokers.map(({ name }) => `rabbit@${name}`).join(' ');
  return brokers.map(() => `members ${nodes}; running ${nodes}`);
}

export async function untilAgreed(brokers: readonly Host[]): Promise<void> {
  await until(`${names(brokers)} agree`, async () => {
    return (await views(brokers)).join() === agreed(brokers).join();
  });
}

/** Waits until these brokers alone run, as each of them sees it. */
export async function untilAlone(brokers: readonly Host[]): Promise<void> {
  await until(`only ${names(brokers)} run`, async () => {
    const running = `running ${brokers.map(({ name }) => `rabbit@${name}`).join(' ')}`;
    return (await views(brokers)).every((view) => view?.endsWith(running));
  });
}

/** Waits until every question of a while is answered, whichever broker it goes to. */
export async function untilAnswered(site: Site, address: string): Promise<void> {
  await until(`${address} always answers`, async () => {
    const asking = await answers(site.lab.control, address);
    await pause(1_500);
    return (await asking.stop()).outages.length === 0;
  });
}

function names(hosts: readonly Host[]): string {
  return hosts.map(({ name }) => name).join(', ');
}

/** Waits for one host alone to hold the virtual address; answers which. */
export async function untilHeld(hosts: readonly Host[], address: string, by?: Host): Promise<Host> {
  let holders: string[] = [];
  await until(`${address} is held by ${by?.name ?? 'one host'}`, async () => {
    holders = await holdersOf(address, hosts);
    return holders.length === 1 && (by === undefined || holders[0] === by.name);
  });
  return hosts.find(({ name }) => name === holders[0])!;
}

/** The host whose node leads a queue. */
export async function leaderOf(brokers: readonly Host[], queue: string): Promise<Host> {
  const listed = await brokers[0]!.run('rabbitmqctl --quiet list_queues --no-table-headers name pid');
  const pid = listed.split('\n').find((line) => line.startsWith(`${queue}\t`));
  const leader = brokers.find(({ name }) => pid?.includes(`<rabbit@${name}.`));
  if (!leader) throw new Error(`nobody leads ${queue} (${listed})`);
  return leader;
}

/** What HAProxy thinks of a broker: UP, DOWN, or on the way from one to the other. */
export async function stateInHaproxy(balancer: Host, broker: Host): Promise<string> {
  const page = `http://${balancer.address}:8100/rabbitmq-stats;csv`;
  const csv = await balancer.run(`curl --silent --fail --user admin:${Site.statsPassword} '${page}'`);
  const line = csv.split('\n').find((text) => text.startsWith(`amqp,${broker.name},`));
  if (!line) throw new Error(`HAProxy of ${balancer.name} knows no ${broker.name} (${csv})`);
  return line.split(',')[17]!;
}
