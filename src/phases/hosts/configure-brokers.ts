import type { Host } from '../../cluster-file/hosts.js';
import { runTool } from '../../drivers/rabbitmqctl/on-host.js';
import { brokerFiles } from '../../render/broker-files.js';
import { enabledPlugins } from '../../render/rabbitmq-conf.js';
import type { RenderedFile } from '../../render/rendered-file.js';
import type { Door } from '../phase.js';
import { brokerOf, factsOf, type HostsContext, transportOf, versionOf } from './context.js';
import { hostPhase } from './each-host.js';
import { runs } from './node-state.js';
import { paths } from './paths.js';
import { differenceOf, placeFile } from './place-file.js';
import { systemdOf } from './services.js';
import { placeTls, takeInTls } from './tls/configure-tls.js';

/**
 * What a node reads at its start. For a node that runs, a note that it must be
 * started anew is left on its host before the first file is replaced, and stays
 * until it has been: so an apply that is interrupted in between is not taken for
 * a finished one. What only matters at a node's very first start asks for none.
 */
export const configureBrokers = hostPhase({
  title: 'Configure RabbitMQ',
  role: 'broker',
  async run(context, host, door) {
    const { node } = brokerOf(context, host);
    const placed = await placeTls(context, host, door);
    const write = await brokerFiles(context.file);
    for (const file of await write(node, versionOf(context))) {
      if (file.path === paths.plugins) await placePlugins(context, host, door, file);
      else await place(context, host, door, file);
    }
    await takeInTls(context, host, door, placed);
  },
});

async function place(context: HostsContext, host: Host, door: Door, file: RenderedFile): Promise<void> {
  const restarts = runs(factsOf(context, host)) && (await mattersNow(context, host, file));
  const reason = `${file.path} changed`;
  const folder = file.path === paths.limits ? paths.limits.replace(/\/[^/]*$/, '') : undefined;
  const changed = await placeFile(context, host, door, file, {
    ...(folder ? { folder } : {}),
    ...(restarts ? { before: () => beforeRestart(context, host, file, reason) } : {}),
  });
  if (!changed) return;
  if (restarts) context.restarts.set(host.name, reason);
  if (file.path === paths.limits && !door.shut)
    await systemdOf(context, host).reloadUnits({ signal: context.signal });
}

/** Plugins of a node that runs are its own tool's business: a later phase enables them without a restart. */
async function placePlugins(
  context: HostsContext,
  host: Host,
  door: Door,
  file: RenderedFile,
): Promise<void> {
  const facts = factsOf(context, host);
  if (runs(facts)) return;
  const there = facts.enabledPlugins ?? [];
  const missing = context.file.plugins.filter((plugin) => !there.includes(plugin));
  if (missing.length === 0) return;
  await placeFile(context, host, door, { ...file, text: enabledPlugins([...there, ...missing]) });
}

async function mattersNow(context: HostsContext, host: Host, file: RenderedFile): Promise<boolean> {
  const difference = differenceOf(context, host, file);
  if (difference !== 'replace' || file.path !== paths.conf) return difference !== undefined;
  const there = (await transportOf(context, host).readFile(file.path)) ?? '';
  return settingsOf(there) !== settingsOf(file.text);
}

/** Without remarks, and without what a node looks at only before it has ever been in a cluster. */
function settingsOf(conf: string): string {
  return conf
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#') && !line.startsWith('cluster_formation.'))
    .sort()
    .join('\n');
}

async function beforeRestart(
  context: HostsContext,
  host: Host,
  file: RenderedFile,
  reason: string,
): Promise<void> {
  await leaveNote(context, host, reason);
  if (file.path === paths.conf) await tellPartitionHandling(context, host, file.text);
}

/**
 * Nodes look this setting up whenever they lose another, so it is told to those that run: when two of three are left,
 * the one that waits for the other's restart would be a minority by the old rule, and stop serving too.
 */
async function tellPartitionHandling(context: HostsContext, host: Host, conf: string): Promise<void> {
  const [, handling] = /^cluster_partition_handling = (ignore|pause_minority|autoheal)$/m.exec(conf) ?? [];
  if (handling === undefined || !context.view.nodes.has(host.name)) return;
  const term = `application:set_env(rabbit, cluster_partition_handling, ${handling}).`;
  await runTool(transportOf(context, host), 'rabbitmqctl', ['eval', term], { signal: context.signal });
}

async function leaveNote(context: HostsContext, host: Host, reason: string): Promise<void> {
  const transport = transportOf(context, host);
  await transport.makeFolder('/run/warren', 0o755);
  await transport.writeFile('/run/warren/restart', `${reason}\n`, { mode: 0o644 });
}
