import { runTool } from '../../drivers/rabbitmqctl/on-host.js';
import { type Broker, type HostsContext, transportOf } from './context.js';

/** Waits until a node that was started has booted and has its listeners; the tool itself gives up in time. */
export async function waitForNode(context: HostsContext, broker: Broker): Promise<void> {
  const { signal } = context;
  await runTool(transportOf(context, broker), 'rabbitmqctl', ['await_startup', '--timeout', '120'], {
    signal,
  });
}
