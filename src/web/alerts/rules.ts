/**
 * What is wrong with a cluster, from what its API shows. Pure: the same observation gives the same findings,
 * in the order in which they should be read. A finding keeps its id for as long as it is about the same thing.
 */
import type { Node, Queue } from '../api-types.js';

export interface Observation {
  readonly nodes: readonly Node[];
  /** The deepest queues: a hundred are looked at, whatever the number of all. */
  readonly queues: readonly Queue[];
}

export interface Finding {
  readonly id: string;
  readonly severity: 'critical' | 'warning';
  readonly title: string;
  /** Why it matters, and what to do. */
  readonly advice: string;
  /** Where the page shows it. */
  readonly names: readonly string[];
}

export function findingsOf({ nodes, queues }: Observation): Finding[] {
  const found = [...nodes.flatMap(nodeFindings), ...queues.flatMap(queueFindings)];
  return [...found.filter(isCritical), ...found.filter((finding) => !isCritical(finding))];
}

const isCritical = ({ severity }: Finding) => severity === 'critical';

/** A file handle or a socket more is refused at the limit: there must be time to act. */
const nearLimit = 0.9;

function nodeFindings(node: Node): Finding[] {
  const of = (severity: Finding['severity'], kind: string, title: string, advice: string): Finding => ({
    id: `${kind} ${node.name}`,
    severity,
    title,
    advice,
    names: ['nodes', node.name],
  });
  if (!node.running) {
    const advice =
      'Queues led there without another copy are down. Start it, or look into its log for why it ended.';
    return [of('critical', 'node-down', `${node.name} is down`, advice)];
  }
  const found: Finding[] = [];
  if (node.partitions?.length) {
    const advice = 'Both sides went on alone. Choose the side to keep, and restart the nodes of the other.';
    found.push(
      of('critical', 'partition', `${node.name} is parted from ${node.partitions.join(', ')}`, advice),
    );
  }
  if (node.mem_alarm) {
    const advice =
      'Every publisher of the cluster is blocked until memory is freed: consume, purge, or raise the watermark.';
    found.push(of('critical', 'memory-alarm', `Memory alarm on ${node.name}`, advice));
  }
  if (node.disk_free_alarm) {
    const advice = 'Every publisher of the cluster is blocked until there is room on the disk again.';
    found.push(of('critical', 'disk-alarm', `Disk alarm on ${node.name}`, advice));
  }
  if (isNear(node.fd_used, node.fd_total)) {
    const advice =
      'At the limit no connection is accepted. Raise the open files limit (LimitNOFILE), or close connections.';
    found.push(of('warning', 'file-descriptors', `${node.name} is short of file descriptors`, advice));
  }
  if (isNear(node.sockets_used, node.sockets_total)) {
    const advice =
      'At the limit no connection is accepted. Raise the open files limit (LimitNOFILE), or close connections.';
    found.push(of('warning', 'sockets', `${node.name} is short of sockets`, advice));
  }
  if (node.being_drained) {
    const advice =
      'It takes no connections and leads no queues until it is revived: rabbitmq-upgrade revive.';
    found.push(of('warning', 'drained', `${node.name} is in maintenance`, advice));
  }
  return found;
}

function isNear(used: number | undefined, limit: number | undefined): boolean {
  return used !== undefined && limit !== undefined && limit > 0 && used / limit > nearLimit;
}

function queueFindings(queue: Queue): Finding[] {
  const where = queue.vhost === '/' ? queue.name : `${queue.name} in ${queue.vhost}`;
  const of = (severity: Finding['severity'], kind: string, title: string, advice: string): Finding => ({
    id: `${kind} ${queue.vhost} ${queue.name}`,
    severity,
    title,
    advice,
    names: ['queues', queue.vhost, queue.name],
  });
  if (queue.state === 'down' || queue.state === 'stopped') {
    return [
      of(
        'critical',
        'queue-down',
        `Queue ${where} is down`,
        `Its node, ${queue.node ?? 'its leader'}, does not run.`,
      ),
    ];
  }
  const found: Finding[] = [];
  const growing = (queue.messages_details?.rate ?? 0) > 0;
  if (growing && queue.consumers === 0) {
    const advice =
      'Nobody consumes from it, and messages keep coming: start its consumers, or give it a limit or a TTL.';
    found.push(of('warning', 'growing', `Queue ${where} grows without consumers`, advice));
  }
  const apart = unsynchronised(queue);
  if (apart.length > 0) {
    const advice = `If its leader fails now, what only the leader has is lost: rabbitmqctl sync_queue ${queue.name}`;
    found.push(
      of('warning', 'unsynchronised', `Queue ${where} is not synchronised on ${apart.join(', ')}`, advice),
    );
  }
  if (queue.type === 'quorum' && queue.members && queue.online && atRisk(queue.members, queue.online)) {
    const advice = 'One more member down, and it stops: bring back the members that are missing.';
    found.push(of('warning', 'quorum', `Queue ${where} has no member to spare`, advice));
  }
  return found;
}

export function unsynchronised(queue: Queue): string[] {
  const synchronised = new Set(queue.synchronised_slave_nodes ?? []);
  return (queue.slave_nodes ?? []).filter((node) => !synchronised.has(node));
}

/** One of a single member is how it was made. */
function atRisk(members: readonly string[], online: readonly string[]): boolean {
  return (
    members.length > 1 &&
    online.length <= Math.floor(members.length / 2) + 1 &&
    online.length < members.length
  );
}
