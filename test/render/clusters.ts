import type { ClusterFile } from '../../src/cluster-file/cluster-file.js';
import { parseClusterFile } from '../../src/cluster-file/read.js';

/** Five hosts, as in the chapter on high availability; `more` is added at the end of the file. */
export function fiveHosts(more = '', frontEnd = ''): Promise<ClusterFile> {
  return parseClusterFile(
    `name: notes
nodes:
  - { name: server1, address: 192.0.2.101 }
  - { name: server2, address: 192.0.2.102 }
  - { name: server3, address: 192.0.2.103 }
front_end:
  hosts:
    - { name: server4, address: 192.0.2.104 }
    - { name: server5, address: 192.0.2.105 }
${frontEnd.includes('virtual_addresses') ? '' : '  virtual_addresses: [192.0.2.110]'}
${frontEnd}
${more}
`,
    'five-hosts.yaml',
  );
}
