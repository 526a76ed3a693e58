import { WarrenError } from '../../errors/warren-error.js';
import { wait } from '../wait.js';
import { type Broker, brokersOf, type HostsContext, transportOf } from './context.js';

/** Mirrors that were just started are still being filled: give them time. */
const patienceMs = 300_000;
const againMs = 1_000;

const checks = ['check_if_node_is_quorum_critical', 'check_if_node_is_mirror_sync_critical'];

/**
 * Waits until no queue depends on this node alone: no quorum queue would lose
 * its majority without it, and no mirrored queue its only synchronised copy.
 */
export async function untilDispensable(context: HostsContext, broker: Broker): Promise<void> {
  if (brokersOf(context).length < 2) return;
  const until = Date.now() + patienceMs;
  for (;;) {
    const reasons = await criticalReasons(context, broker);
    if (reasons.length === 0) return;
    if (Date.now() > until) {
      throw WarrenError.of(
        'NODE_CRITICAL',
        { node: broker.nodeName },
        { where: broker.name, why: reasons.join('\n') },
      );
    }
    await wait(againMs, context.signal);
  }
}

async function criticalReasons(context: HostsContext, broker: Broker): Promise<string[]> {
  const transport = transportOf(context, broker);
  const results = await Promise.all(
    checks.map(async (check) => {
      const options = { signal: context.signal, readOnly: true, timeoutMs: 60_000 };
      const result = await transport.run('rabbitmq-queues', [check], options);
      return { check, ...result };
    }),
  );
  return results.flatMap(({ check, status, stdout, stderr }) => {
    // 4.0 has no mirrors any more, and does not know the word.
    if (status === 0 || status === 64) return [];
    const said = (stderr.trim() || stdout.trim()).slice(0, 2_000);
    if (status === 69) return [said];
    throw WarrenError.of(
      'TOOL_FAILED',
      { tool: `rabbitmq-queues ${check}`, status, output: said },
      { where: broker.name },
    );
  });
}
