import type { Host } from '../../cluster-file/hosts.js';
import {
  type InstallOptions,
  type Packages,
  packagesOf,
  type WantedPackage,
} from '../../drivers/packages/packages.js';
import { WarrenError } from '../../errors/warren-error.js';
import { factsOf, type HostsContext, transportOf } from './context.js';
import { hostPhase } from './each-host.js';
import { lookAt } from './look.js';
import { paths } from './paths.js';
import { erlangMisfit, isVersion } from './preflight/versions.js';
import { placeRepositories } from './repositories.js';

/**
 * The packages that a host's roles need; no service is started by their
 * installation. What the repositories offer is looked at first, those of the
 * cluster file among them: the version that the file asks for is installed to
 * the letter, and nothing when it is not to be had, or has no Erlang that fits.
 */
export const installPackages = hostPhase({
  title: 'Install packages',
  async run(context, host, door) {
    if (host.roles.includes('broker')) await placeRepositories(context, host, door);
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
  const chosen = names.includes('rabbitmq-server') ? await chosenVersions(context, host, packages) : [];
  const others = names.filter((name) => !chosen.some((one) => one.name === name)).map((name) => ({ name }));
  await packages.install([...chosen, ...others], options satisfies InstallOptions);
}

/** The packages' own versions, once they are known to be what the file asks for, and to fit each other. */
async function chosenVersions(
  context: HostsContext,
  host: Host,
  packages: Packages,
): Promise<WantedPackage[]> {
  const { version, erlang } = context.file.rabbitmq;
  const candidates = await packages.candidates(['rabbitmq-server', 'erlang-base', 'erlang']);
  const rabbitmq =
    version === undefined ? candidates.get('rabbitmq-server') : await exactly('rabbitmq-server', version);
  if (rabbitmq === undefined) return [];
  const base = candidates.has('erlang-base') ? 'erlang-base' : 'erlang';
  const offered = erlang === undefined ? candidates.get(base) : await exactly(base, erlang);
  const misfit = offered === undefined ? undefined : erlangMisfit(rabbitmq, offered);
  if (misfit) throw WarrenError.of('ERLANG_MISFIT', { host: host.name, problem: misfit });
  return [
    { name: 'rabbitmq-server', version: rabbitmq },
    ...(erlang === undefined || offered === undefined ? [] : [{ name: base, version: offered }]),
  ];

  async function exactly(name: string, wanted: string): Promise<string> {
    const versions = await packages.versions(name);
    const found = versions.find((one) => isVersion(one, wanted));
    if (found !== undefined) return found;
    throw WarrenError.of('VERSION_NOT_OFFERED', { host: host.name, package: name, wanted, versions });
  }
}
