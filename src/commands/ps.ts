import { type ClusterDescription, describeCluster } from '../operations/describe-cluster.js';
import { allClusters, findCluster } from '../operations/find-cluster.js';
import { clusterTable } from '../view/cluster.js';
import { WarrenCommand } from './base/command.js';
import { clusterFlag } from './base/flags.js';

export default class Ps extends WarrenCommand {
  static override summary = 'List the clusters of this machine and what runs where';
  static override examples = ['<%= config.bin %> ps', '<%= config.bin %> ps --json'];
  static override flags = { cluster: clusterFlag };

  async run(): Promise<{ clusters: ClusterDescription[] }> {
    const { flags } = await this.parse(Ps);
    const { state } = this.surroundings;
    const found = flags.cluster ? [await findCluster(state, flags.cluster)] : await allClusters(state);
    const clusters = await Promise.all(found.map(describeCluster));
    this.log(
      clusters.length === 0
        ? 'No cluster is on this machine. Raise one with: warren up'
        : clusters.map(clusterTable).join('\n\n'),
    );
    return { clusters };
  }
}
