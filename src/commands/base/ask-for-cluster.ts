import { isIP } from 'node:net';
import { parseHostWord } from '../../cluster-file/host-word.js';
import type { NewCluster } from '../../cluster-file/new-cluster.js';
import { parseUpstreamWord } from '../../cluster-file/upstream-word.js';
import { WarrenError } from '../../errors/warren-error.js';

/** Asks for what a new cluster file needs, on standard error; Ctrl-C ends it with nothing written. */
export async function askForCluster(): Promise<NewCluster> {
  const { input, select } = await import('@inquirer/prompts');
  const context = { output: process.stderr };
  const words = async (message: string, validate: (words: readonly string[]) => true | string) => {
    const answer = await input({ message, validate: (text) => validate(split(text)) }, context);
    return split(answer);
  };
  try {
    const name = await input(
      { message: 'Name of the cluster', default: 'rabbit', validate: clusterName },
      context,
    );
    const hosts = await words('Hosts of the nodes (user@address, three are best)', (list) =>
      list.length === 0 ? 'name at least one host' : problemOf(list, parseHostWord),
    );
    const profile = await select(
      { message: 'How are messages to outlive a node?', choices: profiles },
      context,
    );
    const upstreams =
      profile === 'federated'
        ? await words('Other clusters (name=address, the virtual address of each)', (list) =>
            list.length === 0 ? 'name at least one cluster' : problemOf(list, parseUpstreamWord),
          )
        : [];
    const balancers = await words('Hosts of the balancers (two are best; empty for none)', (list) =>
      problemOf(list, parseHostWord),
    );
    const virtualAddresses =
      balancers.length === 0
        ? []
        : await words(
            'Virtual address (a free one of their network; two for active/active)',
            addressesProblem,
          );
    return {
      name,
      hosts: hosts.map(parseHostWord),
      profile,
      upstreams: upstreams.map(parseUpstreamWord),
      balancers: balancers.map(parseHostWord),
      virtualAddresses,
    };
  } catch (error) {
    if ((error as Error).name !== 'ExitPromptError') throw error;
    throw WarrenError.of('INTERRUPTED', { signal: 'SIGINT' });
  }
}

const profiles: { value: NewCluster['profile']; name: string; description: string }[] = [
  {
    value: 'quorum',
    name: 'quorum',
    description: 'quorum queues: three copies each, by Raft (RabbitMQ 3.8 and later)',
  },
  { value: 'mirrored', name: 'mirrored', description: 'mirrored classic queues (up to RabbitMQ 3.13)' },
  { value: 'standby', name: 'standby', description: 'one node serves, the others wait, with the messages' },
  { value: 'federated', name: 'federated', description: 'several clusters, linked by federation' },
];

function split(text: string): string[] {
  return text.split(/[\s,]+/).filter(Boolean);
}

function clusterName(name: string): true | string {
  return /^[A-Za-z][A-Za-z0-9_-]{0,39}$/.test(name) || 'letters, digits and dashes, a letter first';
}

function problemOf(list: readonly string[], parse: (word: string) => unknown): true | string {
  try {
    for (const word of list) parse(word);
    return true;
  } catch (error) {
    return (error as Error).message;
  }
}

function addressesProblem(list: readonly string[]): true | string {
  if (list.length > 2) return 'one address, or two';
  const wrong = list.find((word) => isIP(word.replace(/\/\d+$/, '')) === 0);
  return wrong === undefined || `${wrong} is not an IP address`;
}
