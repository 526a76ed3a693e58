import { nearest } from '../../errors/suggestion.js';
import type { WrittenFile } from '../schema.js';
import { atLeast } from '../version.js';
import type { Findings } from './findings.js';
import { nodesOf, onHosts } from './nodes.js';
import { Notebook } from './notebook.js';
import { vhostNames } from './objects.js';

export function profileFindings(file: WrittenFile): Findings {
  const book = new Notebook();
  const { profile, ha } = file;
  if (profile === undefined) {
    if (onHosts(file) && nodesOf(file).length > 1 && !replicatesItself(file)) {
      book.warnAtKey(
        ['nodes'],
        'without a profile each queue lives on one node, and is gone while that node is',
        'write profile: quorum (or mirrored, standby, federated)',
      );
    }
    return book;
  }
  if (ha !== undefined) {
    book.errorAtKey(['ha'], 'ha and profile both say how queues are replicated', 'take one of the two out');
  }
  const details = typeof profile === 'string' ? { name: profile } : profile;
  const count = Array.isArray(file.nodes) ? file.nodes.length : (file.nodes ?? 3);
  if ('replicas' in details && details.replicas !== undefined && details.replicas > count) {
    book.error(
      ['profile', 'replicas'],
      `${details.replicas} replicas cannot be on ${count} node${count === 1 ? '' : 's'}`,
      `write ${count} or less`,
    );
  }
  if ('active' in details) activeNode(file, details.active, book);
  for (const [index, vhost] of ('vhosts' in details ? (details.vhosts ?? []) : []).entries()) {
    if (vhostNames(file).has(vhost)) continue;
    const near = nearest(vhost, [...vhostNames(file)]);
    book.error(
      ['profile', 'vhosts', index],
      `there is no vhost ${vhost} in this file`,
      near ? `did you mean '${near}'?` : `add it: vhosts: [${vhost}]`,
    );
  }
  versions(file, details, book);
  return book;
}

/** Whether policies or queue types of the file do what a profile would. */
function replicatesItself({ policies, queues, vhosts }: WrittenFile): boolean {
  const quorum = (type: unknown) => type === 'quorum';
  return (
    policies.some(({ definition }) => 'ha-mode' in definition) ||
    queues.some((queue) => quorum(queue.type) || quorum(queue.arguments['x-queue-type'])) ||
    vhosts.some((vhost) => typeof vhost === 'object' && quorum(vhost.default_queue_type))
  );
}

function activeNode(file: WrittenFile, active: string | undefined, book: Notebook): void {
  const names = nodesOf(file).map(({ name }) => name);
  if (active === undefined || names.length === 0 || names.includes(active)) return;
  book.error(['profile', 'active'], `there is no node ${active}`, `choose one of: ${names.join(', ')}`);
}

/** The file may name the version, and then what it lacks is known before a host is touched. */
function versions(
  { rabbitmq: { version } }: WrittenFile,
  details: { readonly name: string; readonly data?: string | undefined },
  book: Notebook,
): void {
  if (version === undefined) return;
  const wants = (kind: string) => details.name === kind || details.data === kind;
  if (wants('mirrored') && atLeast(version, '4.0')) {
    book.error(
      ['profile'],
      `RabbitMQ ${version} has no mirrored classic queues: 4.0 removed them`,
      'write profile: quorum, or a version up to 3.13',
    );
  }
  if (wants('quorum') && !atLeast(version, '3.8')) {
    book.error(
      ['profile'],
      `RabbitMQ ${version} has no quorum queues: they came with 3.8`,
      'write profile: mirrored, or a version from 3.8 on',
    );
  }
}
