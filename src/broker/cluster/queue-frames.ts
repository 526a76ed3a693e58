/** Which part of the application that runs takes which frame and call about queues. */
import { frameTypes } from './link/frame.js';
import type { Link } from './link/link.js';
import type { Links } from './links.js';
import type { ClusterQueues } from './queue-factory.js';
import type { QueueServer } from './queues/queue-server.js';

/** Frames for an application that is stopped are dropped; calls fail as those to a node that is going. */
export function routeQueueFrames(links: Links, queues: () => ClusterQueues | null): void {
  const frame = (type: number, take: (queues: ClusterQueues, payload: Buffer, link: Link) => void) => {
    links.onFrame(type, (payload, link) => {
      const running = queues();
      if (running !== null) take(running, payload, link);
    });
  };
  frame(frameTypes.open, ({ server }, payload, link) => server.onOpen(payload, link));
  frame(frameTypes.publish, ({ server }, payload, link) => server.onPublish(payload, link));
  frame(frameTypes.settle, ({ server }, payload, link) => server.onSettle(payload, link));
  frame(frameTypes.credit, ({ server }, payload, link) => server.onCredit(payload, link));
  frame(frameTypes.deliver, ({ client }, payload, link) => client.onDeliver(payload, link));
  frame(frameTypes.confirmed, ({ client }, payload, link) => client.onAnswered(payload, link, false));
  frame(frameTypes.nacked, ({ client }, payload, link) => client.onAnswered(payload, link, true));
  frame(frameTypes.cancelled, ({ client }, payload, link) => client.onCancelled(payload, link));
  frame(frameTypes.mirrorBegin, ({ mirrors }, payload, link) => mirrors.onBegin(payload, link));
  frame(frameTypes.mirrorEntry, ({ mirrors }, payload, link) => mirrors.onEntry(payload, link));
  frame(frameTypes.mirrorDelivered, ({ mirrors }, payload, link) => mirrors.onDelivered(payload, link));
  frame(frameTypes.mirrorRemove, ({ mirrors }, payload, link) => mirrors.onRemove(payload, link));
  frame(frameTypes.mirrorRemoveAll, ({ mirrors }, payload, link) => mirrors.onRemoveAll(payload, link));
  frame(frameTypes.mirrorSynced, ({ mirrors }, payload, link) => mirrors.onSynced(payload, link));
  frame(frameTypes.mirrorMissing, ({ replicators }, payload, link) => replicators.onMissing(payload, link));
  frame(frameTypes.mirrorSafe, ({ replicators }, payload, link) => replicators.onSafe(payload, link));
  answerQuestions(links, queues);
  // sync_queue, asked of the leader: false when it leads no such queue with mirrors.
  links.answer('queue.sync', ({ vhost, name }: { vhost: string; name: string }) => {
    return queues()?.replicators.sync(vhost, name) ?? false;
  });
}

function answerQuestions(links: Links, queues: () => ClusterQueues | null): void {
  const question = <A>(name: string, ask: (server: QueueServer, args: A, link: Link) => unknown) => {
    links.answer(name, (args: A, _from, link) => {
      const running = queues();
      if (running === null || link === null) throw notLeader();
      return ask(running.server, args, link);
    });
  };
  type Of<K extends keyof QueueServer> = QueueServer[K] extends (args: infer A, link: Link) => unknown
    ? A
    : never;
  question<Of<'consume'>>('queue.consume', (server, args, link) => server.consume(args, link));
  question<Of<'cancel'>>('queue.cancel', (server, args, link) => server.cancel(args, link));
  question<Of<'returned'>>('queue.returned', (server, args, link) => server.returned(args, link));
  question<Of<'get'>>('queue.get', (server, args, link) => server.get(args, link));
  question<Of<'purge'>>('queue.purge', (server, args) => server.purge(args));
  question<Of<'counts'>>('queue.counts', (server, args) => server.counts(args));
  question<Of<'info'>>('queue.info', (server, args) => server.info(args));
}

const notLeader = () =>
  Object.assign(new Error('the application of this node is stopped'), { code: 'not_leader' });
