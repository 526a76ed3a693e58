import * as Flags from '@oclif/core/flags';
import type { ClusterFile } from '../cluster-file/cluster-file.js';
import { findCluster, findNode } from '../operations/find-cluster.js';
import { logsOfHosts } from '../operations/hosts-logs.js';
import { followLogs, showLogs } from '../operations/logs.js';
import { visible } from '../view/harmless.js';
import { DayTwoCommand, hostReachFlags, targetFlag } from './base/day-two-command.js';

const flags = {
  cluster: targetFlag,
  ...hostReachFlags,
  node: Flags.string({
    description: 'this node or host only: its name, or on this machine its number',
    helpValue: 'NODE',
  }),
  follow: Flags.boolean({ char: 'f', description: 'go on showing what is added, until Ctrl-C' }),
  lines: Flags.integer({ description: 'how many lines of each node to begin with', default: 20, min: 0 }),
  since: Flags.string({ description: 'on hosts: from then on', helpValue: '10m|2h|DATE' }),
  journal: Flags.boolean({ description: "on hosts: systemd's journal instead of RabbitMQ's own log" }),
};

export default class Logs extends DayTwoCommand {
  static override summary = "Show the nodes' logs";
  static override description =
    `On hosts, RabbitMQ's log of each broker, and of each balancer the journal of HAProxy and
Keepalived; every line has its host before it.`;

  static override examples = [
    '<%= config.bin %> logs',
    '<%= config.bin %> logs --node 2 --lines 5',
    '<%= config.bin %> logs --cluster warren.yaml --node server1 --since 10m',
  ];

  static override flags = flags;

  async run(): Promise<{ lines: string[] }> {
    const { flags: given } = await this.parse(Logs);
    const lines: string[] = [];
    const write = (line: string) => {
      if (this.jsonEnabled()) lines.push(line);
      else this.log(visible(line));
    };
    const file = await this.hostsFile(given.cluster);
    if (file) await this.#ofHosts(file, given, write);
    else await this.#local(given, write);
    return { lines };
  }

  async #ofHosts(file: ClusterFile, given: Given, write: (line: string) => void): Promise<void> {
    const limit = given.node === undefined ? undefined : [given.node.replace(/^rabbit@/, '')];
    await logsOfHosts({ ...given, file, limit, ssh: this.ssh(given), write }, this.surroundings);
  }

  async #local(given: Given, write: (line: string) => void): Promise<void> {
    const cluster = await findCluster(this.surroundings.state, await this.localCluster(given.cluster));
    const nodes = given.node ? [findNode(cluster, given.node)] : cluster.record.nodes;
    const options = { cluster, nodes, lines: given.lines, write };
    if (given.follow) await followLogs(options, this.surroundings.signal);
    await showLogs(options);
  }
}

interface Given {
  readonly cluster?: string | undefined;
  readonly node?: string | undefined;
  readonly follow: boolean;
  readonly lines: number;
  readonly since?: string | undefined;
  readonly journal: boolean;
  readonly 'accept-new': boolean;
  readonly concurrency: number;
}
