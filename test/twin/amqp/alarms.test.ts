/** Memory and disk alarms: they block who publishes, tell it once an edge, and leave everybody else alone. */
import { describe, onTestFailed } from 'vitest';
import type { RawClient } from '../raw-client.js';
import type { Stage } from '../stage.js';
import { twin } from '../twin.js';

/** How rabbitmqctl raises each, and how it sets what the node began with. */
const alarms = {
  memory: {
    raise: ['set_vm_memory_high_watermark', 'absolute', '1'],
    clear: ['set_vm_memory_high_watermark', '0.4'],
  },
  disk: { raise: ['set_disk_free_limit', '9999GB'], clear: ['set_disk_free_limit', '50MB'] },
};
type Alarm = keyof typeof alarms;

async function change(t: Stage, how: 'raise' | 'clear', alarm: Alarm): Promise<void> {
  if (how === 'raise') {
    onTestFailed(async () => {
      await t.node.ctl(...alarms[alarm].clear);
    });
  }
  const { status } = await t.node.ctl(...alarms[alarm][how]);
  t.say(how, alarm, status);
}

/** A client with an open channel, that wants to hear of alarms or does not. */
async function client(t: Stage, hears: boolean): Promise<RawClient> {
  const raw = await t.raw();
  await raw.handshake(t.vhost, {}, { capabilities: { 'connection.blocked': hears } });
  await raw.openChannel(1);
  return raw;
}

const publish = (raw: RawClient, body: string) => raw.publish(1, { routingKey: 'q' }, Buffer.from(body));

/** What one client heard besides, once it has heard this: which of two hears first is chance. */
async function heard(t: Stage, who: string, raw: RawClient, last: string): Promise<void> {
  for (let attempt = 0; attempt < 1000 && !raw.waiting.includes(last); attempt += 1) await t.pause(10);
  t.say(`${who} heard`, raw.waiting);
}

describe('an alarm', () => {
  for (const alarm of ['memory', 'disk'] as const)
    twin(`of ${alarm} blocks who publishes, once an edge, and no one else`, async (t) => {
      const [publisher, deaf, reader] = [
        await client(t, true),
        await client(t, false),
        await client(t, true),
      ];
      await change(t, 'raise', alarm);
      await publisher.rest(200);
      for (const body of ['one', 'two']) publish(publisher, body);
      await publisher.until('ConnectionBlocked');
      publisher.method('QueueDeclare', 1, { queue: 'waits' });
      await deaf.quietly(async () => {
        publish(deaf, 'three');
        deaf.method('QueueDeclare', 1, { queue: 'waits too' });
        await reader.ask('QueueDeclare', { queue: 'q' });
        await publisher.rest(200);
        t.say('the deaf one heard so far', deaf.waiting);
        await change(t, 'clear', alarm);
        await publisher.until('ConnectionUnblocked');
        await publisher.until('QueueDeclareOk');
        await heard(t, 'the deaf one', deaf, 'QueueDeclareOk');
      });
      await publisher.rest(100);
    });
});
