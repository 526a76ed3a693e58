import { dirname } from 'node:path';
import type { Host } from '../../cluster-file/hosts.js';
import { hostAuditLog, linesOf } from '../../drivers/audit/audit-log.js';
import { backupSuffix } from '../../drivers/transport/transport.js';
import { WarrenError } from '../../errors/warren-error.js';
import { hostsFileWithout } from '../../render/hosts-file.js';
import { repositoryPaths } from '../../render/repositories.js';
import type { Door, Phase } from '../phase.js';
import { brokerOf, factsOf, type HostsContext, transportOf } from './context.js';
import { hostPhase } from './each-host.js';
import { installPackages } from './install-packages.js';
import { lookAt } from './look.js';
import { wipeNode } from './node-data.js';
import { runs } from './node-state.js';
import { cookiePath, paths } from './paths.js';
import { patience, systemdOf } from './services.js';

/** The service that uses another comes first: the virtual address goes before what answers at it. */
const services = ['keepalived', 'haproxy', 'rabbitmq-server'];

const asks = 'stops its services, for good';

export const stopServices: Phase<HostsContext> = hostPhase({
  title: 'Stop the services',
  async run(context, host, door) {
    for (const name of services) {
      const service = factsOf(context, host).services.get(name);
      const on = service?.active === 'active' || service?.active === 'activating';
      if (!service?.loaded || (!on && !service.enabled)) continue;
      if (name === 'rabbitmq-server' ? !host.roles.includes('broker') : !host.roles.includes('balancer'))
        continue;
      const work = async () => {
        const systemd = systemdOf(context, host);
        await systemd.stop(name, patience(context));
        await systemd.disable(name, patience(context));
      };
      await door.change(`stop and disable ${name}`, work, { asks });
    }
    if (!door.shut) await lookAt(context, [host]);
  },
});

/**
 * Takes away what was put on a host: files that say that they were written by
 * Warren, with what they had replaced put back; its lines in /etc/hosts; the
 * node's data, cookie and kept secrets. Any other file stays as it is.
 */
export const clearHosts: Phase<HostsContext> = hostPhase({
  title: 'Remove the configuration and the data',
  async run(context, host, door) {
    if (host.roles.includes('broker')) await clearNode(context, host, door);
    for (const path of [...ours, ...repositoryPaths(context.file)])
      await clearFile(context, host, door, path);
    await clearNames(context, host, door);
  },
});

async function clearNode(context: HostsContext, host: Host, door: Door): Promise<void> {
  const broker = brokerOf(context, host);
  if (door.shut || !runs(factsOf(context, host))) {
    await wipeNode(
      context,
      whole(door),
      broker,
      `deletes all messages and definitions of ${broker.nodeName}`,
    );
  }
  if (factsOf(context, host).cookie) {
    await door.change('delete the Erlang cookie', () => transportOf(context, host).remove(cookiePath));
  }
}

/** `wipeNode` asks for a host's door; here one is at hand already. */
function whole(door: Door): Door {
  return { ...door, on: () => door };
}

/** But for those that others write as well, or that only stand for a while. */
const { hosts: _names, policy: _policy, ...ourPaths } = paths;
const ours = Object.values(ourPaths).filter((path) => !path.startsWith('/run/'));

async function clearFile(context: HostsContext, host: Host, door: Door, path: string): Promise<void> {
  const transport = transportOf(context, host);
  const text = await transport.readFile(path);
  const before = await transport.readFile(path + backupSuffix);
  if (text === undefined && before === undefined) return;
  if (before !== undefined && !isOurs(path, before)) {
    await door.change(`put back what ${path} was before`, async () => {
      const args = ['-f', '--', path + backupSuffix, path];
      const { status, stderr } = await transport.run('mv', args, { signal: context.signal });
      if (status !== 0) throw WarrenError.of('TOOL_FAILED', { tool: 'mv', status, output: stderr });
    });
  } else if (text === undefined || isOurs(path, text)) {
    await door.change(`remove ${path}`, async () => {
      await transport.remove(path);
      await transport.remove(path + backupSuffix);
      if (madeFolders.includes(dirname(path))) await removeIfEmpty(context, host, dirname(path));
    });
  }
}

/** Those that no package brings: the last file takes its folder along. */
const madeFolders = [paths.secrets, paths.key, paths.limits, paths.haproxyLimits].map((path) =>
  dirname(path),
);

async function removeIfEmpty(context: HostsContext, host: Host, folder: string): Promise<void> {
  const args = ['--ignore-fail-on-non-empty', '--', folder];
  const { status, stderr } = await transportOf(context, host).run('rmdir', args, { signal: context.signal });
  if (status !== 0) throw WarrenError.of('TOOL_FAILED', { tool: 'rmdir', status, output: stderr });
}

/** By its own words; some are in formats without remarks, or hold nothing else. */
function isOurs(path: string, text: string): boolean {
  const wholly: readonly string[] = [paths.secrets, paths.plugins];
  return wholly.includes(path) || /\/warren-\d+\.asc$/.test(path) || /written by warren/i.test(text);
}

async function clearNames(context: HostsContext, host: Host, door: Door): Promise<void> {
  const transport = transportOf(context, host);
  const there = (await transport.readFile(paths.hosts)) ?? '';
  const text = hostsFileWithout(there, context.file, host.name);
  if (text === there) return;
  await door.change(`take the cluster out of ${paths.hosts}`, async () => {
    await transport.remove(paths.hosts + backupSuffix);
    await transport.writeFile(paths.hosts, text, { mode: 0o644, owner: 'root', group: 'root' });
  });
}

/** Those that the host's own record says Warren installed, or began to install in a run that broke off. */
export const purgePackages: Phase<HostsContext> = hostPhase({
  title: 'Purge the packages',
  async run(context, host, door) {
    const record = linesOf((await transportOf(context, host).readFile(hostAuditLog)) ?? '');
    const installed = record
      .flatMap(({ changes = [], planned = [] }) => [...planned, ...changes])
      .filter((change) => change.host === host.name && change.phase === installPackages.title)
      .flatMap(({ sentence }) => sentence.replace(/^install /, '').split(', '));
    const there = [...new Set(installed)].filter((name) => factsOf(context, host).packages.has(name));
    if (there.length === 0) return;
    await door.change(`purge ${there.join(', ')}`, async () => {
      const options = { signal: context.signal, timeoutMs: 600_000 };
      const { status, stderr } = await transportOf(context, host).run(
        'sh',
        ['-c', purgeScript, 'sh', ...there],
        options,
      );
      if (status === 0) return;
      throw WarrenError.of(
        'TOOL_FAILED',
        { tool: 'purging packages', status, output: stderr },
        { where: host.name },
      );
    });
  },
});

/**
 * What was only installed for them stays: some of it may be somebody else's by now.
 * A purge that was broken off before is brought to its end first, or apt refuses.
 */
const purgeScript = `
if command -v apt-get >/dev/null; then
  DEBIAN_FRONTEND=noninteractive dpkg --configure -a --force-confdef --force-confold >/dev/null 2>&1
  DEBIAN_FRONTEND=noninteractive exec apt-get purge -y -qq -o DPkg::Lock::Timeout=120 "$@"
fi
if command -v dnf >/dev/null; then exec dnf remove -y -q "$@"; fi
exec yum remove -y -q "$@"`;
