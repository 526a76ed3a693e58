import type { Host } from '../../cluster-file/hosts.js';
import { WarrenError } from '../../errors/warren-error.js';
import { factsOf, type HostsContext, transportOf } from './context.js';
import { hostPhase } from './each-host.js';
import { lookAt } from './look.js';

/** The packages that a host's roles need; no service is started by their installation. */
export const installPackages = hostPhase({
  title: 'Install packages',
  async run(context, host, door) {
    const missing = neededPackages(host).filter((name) => !factsOf(context, host).packages.has(name));
    if (missing.length === 0) return;
    await door.change(`install ${missing.join(', ')}`, () => install(context, host, missing));
    if (!door.shut) await lookAt(context, [host]);
  },
});

function neededPackages({ roles }: Host): string[] {
  return [
    ...(roles.includes('broker') ? ['rabbitmq-server'] : []),
    ...(roles.includes('balancer') ? ['haproxy', 'keepalived', 'curl'] : []),
  ];
}

async function install(context: HostsContext, host: Host, packages: readonly string[]): Promise<void> {
  const { status, stdout, stderr } = await transportOf(context, host).run('sh', ['-s', ...packages], {
    input: aptScript,
    signal: context.signal,
    timeoutMs: 900_000,
  });
  if (status === 0) return;
  const facts = { tool: 'apt-get', status, output: (stderr || stdout).slice(-2_000) };
  throw WarrenError.of('TOOL_FAILED', facts, { where: host.name });
}

const aptScript = `
export DEBIAN_FRONTEND=noninteractive LC_ALL=C
policy=/usr/sbin/policy-rc.d
if [ ! -e $policy ]; then
  printf '#!/bin/sh\\n# warren, while it installs\\nexit 101\\n' >$policy
  chmod 755 $policy
  trap 'rm -f $policy' EXIT
fi
apt-get update -qq && apt-get install -y -qq --no-install-recommends -o DPkg::Lock::Timeout=120 "$@"
`;
