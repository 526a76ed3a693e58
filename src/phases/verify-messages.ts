import { amqpUrl } from '../drivers/amqp/connection.js';
import { consume } from '../drivers/amqp/consume.js';
import { publish } from '../drivers/amqp/publish.js';
import { ManagementApi, segment } from '../drivers/management-api/client.js';
import { WarrenError } from '../errors/warren-error.js';
import type { LocalContext } from './local-context.js';
import type { Phase } from './phase.js';

/** What the verification counted; filled by its phase. */
export interface Verification {
  readonly messages: number;
  outcome?: { published: number; consumed: number; from: string; to: string };
}

/**
 * Real messages through the cluster: published persistent and confirmed on
 * one node, consumed on another, each looked for by its number.
 */
export function verifyMessages(verification: Verification): Phase<LocalContext> {
  return {
    title: 'Verify with real messages',
    async run(context, door) {
      await door.change('publish, consume and count messages', () => verify(context, verification));
    },
  };
}

async function verify(context: LocalContext, verification: Verification): Promise<void> {
  const from = context.nodes[0]!;
  const to = context.nodes.at(-1)!;
  const queue = `warren.verify.${process.pid}`;
  const seen = new Map<string, number>();
  try {
    const numbers = Array.from({ length: verification.messages }, (_, i) => Buffer.from(String(i)));
    const { confirmed } = await publish({
      url: amqpUrl(from.amqpPort),
      exchange: '',
      routingKey: queue,
      declareQueue: queue,
      bodies: numbers,
      persistent: true,
      signal: context.surroundings.signal,
    });
    const { received } = await consume({
      url: amqpUrl(to.amqpPort),
      queue,
      vhost: '/',
      count: verification.messages,
      idleMs: 10_000,
      noAck: false,
      signal: context.surroundings.signal,
      onMessage: ({ body }) => seen.set(body.toString(), (seen.get(body.toString()) ?? 0) + 1),
    });
    verification.outcome = { published: confirmed, consumed: received, from: from.name, to: to.name };
    judge(verification.messages, confirmed, received, seen);
  } finally {
    await deleteQueue(context, queue);
  }
}

function judge(sent: number, confirmed: number, received: number, seen: ReadonlyMap<string, number>): void {
  const lost = Array.from({ length: sent }, (_, i) => String(i)).filter((body) => !seen.has(body));
  const twice = [...seen.values()].filter((times) => times > 1).length;
  if (confirmed === sent && lost.length === 0 && twice === 0) return;
  const problem = `${sent - confirmed} not confirmed, ${lost.length} lost, ${twice} duplicated`;
  throw WarrenError.of('VERIFY_FAILED', { published: confirmed, consumed: received, problem });
}

async function deleteQueue(context: LocalContext, queue: string): Promise<void> {
  const api = ManagementApi.ofPort(context.nodes[0]!.managementPort);
  try {
    await api.delete(`/queues/${segment('/')}/${segment(queue)}`);
  } catch (error) {
    // It may never have been declared; what went wrong before this is what the user must see.
    if (!(error instanceof WarrenError)) throw error;
  } finally {
    api.close();
  }
}
