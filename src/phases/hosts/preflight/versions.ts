import { note, type Rule, stops } from './rule.js';

/** RabbitMQ's version and the Erlang beneath it. */
export const versionRules: readonly Rule[] = [rabbitmqVersion, erlangVersion, sameVersions];

/** From which RabbitMQ on, which Erlangs: the first row that is not newer than the version counts. */
const matrix: readonly (readonly [rabbitmq: string, from: string, to: string])[] = [
  ['4.3.3', '27.0', '27.99'],
  ['4.0.4', '26.2', '27.99'],
  ['4.0.1', '26.2', '26.2'],
  ['3.13.0', '26.0', '26.2'],
  ['3.12.10', '25.0', '26.2'],
  ['3.12.0', '25.0', '26.2'],
  ['3.11.0', '25.0', '25.3'],
  ['3.10.0', '24.2', '25.2'],
  ['3.9.0', '23.2', '24.2'],
  ['3.8.0', '21.3', '24.2'],
];

/** The Erlangs that a RabbitMQ runs on; nothing for versions that the matrix does not know. */
function erlangsFor(rabbitmq: string): readonly [from: string, to: string] | undefined {
  const row = matrix.find(([version]) => compare(rabbitmq, version) >= 0);
  return row && [row[1], row[2]];
}

/** Why a RabbitMQ would not run on an Erlang, both as their packages have it; nothing when it would. */
export function erlangMisfit(rabbitmq: string, erlang: string): string | undefined {
  const version = plainVersion(erlang);
  const range = erlangsFor(plainVersion(rabbitmq));
  if (!range || (compare(version, range[0]) >= 0 && compare(majorMinor(version), range[1]) <= 0))
    return undefined;
  return `RabbitMQ ${plainVersion(rabbitmq)} runs on Erlang ${range[0]} to ${range[1]}, and not on ${version}`;
}

/** A package's version without the distribution's additions: `1:25.2.3+dfsg-1` is 25.2.3. */
function plainVersion(packaged: string): string {
  return /^(?:\d+:)?(\d+(?:\.\d+)*)/.exec(packaged)?.[1] ?? packaged;
}

/** Whether a packaged version is the one that is asked for: `3.13` is any of its patches, and `3.10.8-1` none but itself. */
export function isVersion(packaged: string, wanted: string): boolean {
  const plain = packaged.replace(/^\d+:/, '');
  return plain.startsWith(wanted) && !/^\d/.test(plain.slice(wanted.length));
}

function rabbitmqVersion({ facts, host, context }: Parameters<Rule>[0]) {
  const packaged = facts.packages.get('rabbitmq-server');
  const wanted = context.file.rabbitmq.version;
  if (!host.roles.includes('broker') || packaged === undefined || wanted === undefined) return [];
  const version = plainVersion(packaged);
  if (isVersion(packaged, wanted)) return [];
  const problem = `RabbitMQ ${version} is installed there, and the cluster file says ${wanted}`;
  return [
    stops('OTHER_VERSION', problem, 'correct version: in the cluster file, or upgrade that host first'),
  ];
}

function erlangVersion({ facts, host }: Parameters<Rule>[0]) {
  const packaged = facts.packages.get('rabbitmq-server');
  const erlang = erlangOf(facts.packages);
  if (!host.roles.includes('broker') || packaged === undefined || erlang === undefined) return [];
  const problem = erlangMisfit(packaged, erlang);
  if (problem === undefined) return [];
  return [stops('ERLANG_MISMATCH', problem, 'install an Erlang of that range, then type the same again')];
}

function sameVersions({ facts, host, context }: Parameters<Rule>[0]) {
  const own = facts.packages.get('rabbitmq-server');
  if (!host.roles.includes('broker') || own === undefined) return [];
  const others = context.hosts.flatMap(({ name, roles }) => {
    const packaged = roles.includes('broker')
      ? context.facts.get(name)?.packages.get('rabbitmq-server')
      : undefined;
    return packaged === undefined || packaged === own ? [] : [`${name} has ${plainVersion(packaged)}`];
  });
  if (others.length === 0) return [];
  const problem = `RabbitMQ ${plainVersion(own)} is installed there, and ${others.join(', ')}`;
  return [
    note(
      'VERSIONS_DIFFER',
      problem,
      'bring all nodes to one version; a mixed cluster is for an upgrade only',
    ),
  ];
}

function erlangOf(packages: ReadonlyMap<string, string>): string | undefined {
  return packages.get('erlang-base') ?? packages.get('erlang') ?? packages.get('esl-erlang');
}

function majorMinor(version: string): string {
  return version.split('.').slice(0, 2).join('.');
}

/** Versions number by number; what is missing counts as 0. */
function compare(left: string, right: string): number {
  const numbers = (version: string) => version.split('.').map(Number);
  const [a, b] = [numbers(left), numbers(right)];
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
