import type { Host } from '../../cluster-file/hosts.js';
import { WarrenError } from '../../errors/warren-error.js';
import { type HostsContext, transportOf } from './context.js';

/** Starting a node with much data on disk takes its time; systemd itself gives it ten minutes. */
const patienceMs = 600_000;

/** Runs systemctl; when a service does not come up, its last words are the reason. */
export async function systemctl(
  context: HostsContext,
  host: Host,
  ...words: readonly string[]
): Promise<void> {
  const transport = transportOf(context, host);
  const { signal } = context;
  const { status, stderr } = await transport.run('systemctl', words, { signal, timeoutMs: patienceMs });
  if (status === 0) return;
  const why = await lastWords(context, host, words.at(-1)!);
  const facts = { tool: `systemctl ${words.join(' ')}`, status, output: stderr };
  throw WarrenError.of('TOOL_FAILED', facts, { where: host.name, why });
}

async function lastWords(context: HostsContext, host: Host, service: string): Promise<string> {
  const args = ['-u', service, '-n', '15', '--no-pager', '-o', 'cat'];
  const { stdout } = await transportOf(context, host).run('journalctl', args, { timeoutMs: 10_000 });
  return stdout.trim();
}
