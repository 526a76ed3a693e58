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
  sync_queue({ vhost, queue }, { admin }) {
    const row = admin.tables.get('queues', keys.queue(vhost, queue));
    if (row === undefined) return 'not_found';
    return row.mirrors.length === 0 ? 'not_mirrored' : 'ok';
  },
};
