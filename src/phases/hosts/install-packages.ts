import type { Host } from '../../cluster-file/hosts.js';
import { type InstallOptions, type Packages, packagesOf } from '../../drivers/packages/packages.js';
import { WarrenError } from '../../errors/warren-error.js';
import { factsOf, type HostsContext, transportOf } from './context.js';
import { hostPhase } from './each-host.js';
import { lookAt } from './look.js';
import { paths } from './paths.js';
import { erlangMisfit, plainVersion } from './preflight/versions.js';

/**
 * The packages that a host's roles need; no service is started by their
 * installation. What the repositories offer is looked at first: another RabbitMQ
 * than the file asks for, or an Erlang that it does not run on, is not installed.
 */
export const installPackages = hostPhase({
  title: 'Install packages',
  async run(context, host, door) {
    const facts = factsOf(context, host);
    const missing = neededPackages(host).filter((name) => !facts.packages.has(name));
    if (missing.length > 0) {
      await door.change(`install ${missing.join(', ')}`, () => install(context, host, missing));
      if (!door.shut) await lookAt(context, [host]);
    } else if (facts.files.has(paths.policy) && facts.policyIsOurs) {
      await door.change('remove what an installation left behind that broke off (policy-rc.d)', () =>
        transportOf(context, host).remove(paths.policy),
      );
    }
  },
});

function neededPackages({ roles }: Host): string[] {
  return [
    ...(roles.includes('broker') ? ['rabbitmq-server'] : []),
    ...(roles.includes('balancer') ? ['haproxy', 'keepalived', 'curl'] : []),
  ];
}

async function install(context: HostsContext, host: Host, names: readonly string[]): Promise<void> {
  const { signal } = context;
  const options = { signal };
  const packages = await packagesOf(transportOf(context, host));
  await packages.refresh(options);
  const rabbitmq = names.includes('rabbitmq-server')
    ? await chosenVersion(context, host, packages)
    : undefined;
  const wanted = names.map((name) =>
    name === 'rabbitmq-server' && rabbitmq !== undefined ? { name, version: rabbitmq } : { name },
  );
  await packages.install(wanted, options satisfies InstallOptions);
}

/** The package's own version, once it is known to be what the file asks for, on an Erlang that fits. */
async function chosenVersion(
  context: HostsContext,
  host: Host,
  packages: Packages,
): Promise<string | undefined> {
  const candidates = await packages.candidates(['rabbitmq-server', 'erlang-base', 'erlang']);
  const offered = candidates.get('rabbitmq-server');
  if (offered === undefined) return undefined;
  const wanted = context.file.rabbitmq.version;
  if (wanted !== undefined && plainVersion(wanted) !== plainVersion(offered)) {
    const facts = { host: host.name, wanted, offered: plainVersion(offered) };
    throw WarrenError.of('RABBITMQ_NOT_OFFERED', facts);
  }
  const erlang = candidates.get('erlang-base') ?? candidates.get('erlang');
  const misfit = erlang === undefined ? undefined : erlangMisfit(offered, erlang);
  if (misfit) throw WarrenError.of('ERLANG_MISFIT', { host: host.name, problem: misfit });
  return offered;
}
