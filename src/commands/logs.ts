import * as Flags from '@oclif/core/flags';
import { findCluster, findNode } from '../operations/find-cluster.js';
import { followLogs, showLogs } from '../operations/logs.js';
import { WarrenCommand } from './base/command.js';
import { clusterFlag, nodeFlag } from './base/flags.js';

export default class Logs extends WarrenCommand {
  static override summary = "Show the nodes' logs";
  static override examples = ['<%= config.bin %> logs', '<%= config.bin %> logs --node 2 --lines 5'];
  static override flags = {
    cluster: clusterFlag,
    node: nodeFlag,
    follow: Flags.boolean({ char: 'f', description: 'go on showing what is added, until Ctrl-C' }),
    lines: Flags.integer({ description: 'how many lines of each node to begin with', default: 20, min: 0 }),
  };

  async run(): Promise<{ lines: string[] }> {
    const { flags } = await this.parse(Logs);
    const cluster = await findCluster(this.surroundings.state, flags.cluster);
    const nodes = flags.node ? [findNode(cluster, flags.node)] : cluster.record.nodes;
    const lines: string[] = [];
    const write = (line: string) => {
      if (this.jsonEnabled()) lines.push(line);
      else this.log(line);
    };
    const options = { cluster, nodes, lines: flags.lines, write };
    if (flags.follow) await followLogs(options, this.surroundings.signal);
    await showLogs(options);
    return { lines };
  }
}
