import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runTool } from '../../drivers/rabbitmqctl/on-host.js';
import type { Door } from '../phase.js';
import { type Broker, type HostsContext, transportOf } from './context.js';

/** Keeps, on this machine, what a running node has defined, before it is deleted there. */
export async function exportDefinitions(context: HostsContext, door: Door, broker: Broker): Promise<void> {
  const stamp = context.now().toISOString().replace(/[:.]/g, '-');
  const file = join(context.exports, `definitions-${broker.name}-${stamp}.json`);
  await door.on(broker.name).change(`export its definitions to ${context.exports}`, async () => {
    const args = ['export_definitions', '-', '--silent'];
    const options = { signal: context.signal, readOnly: true };
    const text = await runTool(transportOf(context, broker), 'rabbitmqctl', args, options);
    await mkdir(context.exports, { recursive: true, mode: 0o700 });
    await writeFile(file, text, { mode: 0o600 });
  });
}
