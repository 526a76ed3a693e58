/** The default queue type of a vhost: which declarations it makes another queue of. */
import { describe } from 'vitest';
import type { Stage } from '../stage.js';
import { twin } from '../twin.js';

const durable = { durable: true };
const typed = (type: string) => ({ durable: true, arguments: { 'x-queue-type': type } });

const declarations: Record<string, unknown>[] = [
  { queue: 'durable', ...durable },
  { queue: 'durable', ...durable },
  { queue: 'durable', ...typed('classic') },
  { queue: 'durable', ...typed('quorum') },
  { queue: 'durable', passive: true },
  { queue: 'transient' },
  { queue: 'exclusive', ...durable, exclusive: true },
  { queue: 'auto-delete', ...durable, autoDelete: true },
  { queue: 'classic', ...typed('classic') },
  { queue: 'quorum', ...typed('quorum') },
  { queue: 'lazy', durable: true, arguments: { 'x-queue-mode': 'lazy' } },
  { queue: 'prior', durable: true, arguments: { 'x-max-priority': 5 } },
  { queue: '', ...durable },
  { queue: '' },
];

describe('in a vhost whose default queue type is', () => {
  for (const type of ['classic', 'quorum', 'stream'])
    twin(type, async (t) => {
      const vhost = `${t.vhost}-typed`;
      await t.node.ctl('add_vhost', vhost, '--default-queue-type', type);
      await t.node.api('PUT', `permissions/${vhost}/guest`, { configure: '.*', write: '.*', read: '.*' });
      const raw = await t.raw();
      await raw.handshake(vhost);
      for (const [index, declaration] of declarations.entries()) {
        await raw.openChannel(index + 1);
        await raw.ask('QueueDeclare', declaration, index + 1);
      }
      await show(t, vhost);
      await raw.leave();
      await t.node.api('DELETE', `vhosts/${vhost}`);
    });
});

async function show(t: Stage, vhost: string): Promise<void> {
  const { body } = await t.node.api('GET', `queues/${vhost}?columns=name,type,arguments&sort=name`);
  for (const { name, type, arguments: args } of body as Record<string, unknown>[])
    t.say('is', name, type, args);
}
