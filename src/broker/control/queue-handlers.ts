/** What is done to queues, wherever they are led. */
import { keys } from '../core/metadata/rows.js';
import type { Handlers } from './handler.js';

export const queueHandlers: Handlers<'purge' | 'delete_queue' | 'sync_queue'> = {
  async purge({ vhost, queue }, { admin }) {
    const found = admin.vhost(vhost)?.queue(queue);
    return found === undefined ? null : { purged: await found.purge() };
  },
  async delete_queue({ vhost, queue, ifEmpty, ifUnused }, { admin }) {
    const found = admin.vhost(vhost)?.queue(queue);
    if (found === undefined) return 'not_found';
    const { messages, consumers } = await found.counts();
    if (ifUnused && consumers > 0) return 'in_use';
    if (ifEmpty && messages > 0) return 'not_empty';
    await admin.submit('queue.delete', { vhost, name: queue, id: found.row.id });
    return { deleted: messages };
  },
  async sync_queue(args, { admin, peers }) {
    const { vhost, queue, start } = args;
    const row = admin.tables.get('queues', keys.queue(vhost, queue));
    if (row === undefined) return 'not_found';
    if (row.mirrors.length === 0) return 'not_mirrored';
    // The leader does it; once begun it is not stopped.
    if (start && row.leader === admin.node) admin.synchronise(vhost, queue);
    else if (start) await peers.call(row.leader, 'control', { command: 'sync_queue', args });
    return 'ok';
  },
};
