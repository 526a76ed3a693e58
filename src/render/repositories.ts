import type { ClusterFile } from '../cluster-file/cluster-file.js';
import { publicFile, type RenderedFile } from './rendered-file.js';

type Kind = 'apt' | 'yum';

const folders = {
  apt: { keys: '/etc/apt/keyrings', list: '/etc/apt/sources.list.d/warren.sources' },
  yum: { keys: '/etc/pki/rpm-gpg', list: '/etc/yum.repos.d/warren.repo' },
} as const;

const preferences = '/etc/apt/preferences.d/warren.pref';
const head = '# Written by warren: the next apply replaces it.';

/** Every file that `repositoryFiles` may ask for, on hosts of either kind. */
export function repositoryPaths(file: ClusterFile): string[] {
  const { source } = file.rabbitmq;
  const keys =
    source === 'system'
      ? []
      : (['apt', 'yum'] as const).flatMap((kind) => source[kind].map((_, at) => keyPath(kind, at)));
  return [folders.apt.list, folders.yum.list, preferences, ...keys];
}

/**
 * What a host's package tool reads: the repositories of the cluster file, each
 * trusted by its own key and no other, and for apt the versions to stay with,
 * so that no upgrade of the system takes RabbitMQ along. `keys` are the texts
 * of the key files, by their paths.
 */
export function repositoryFiles(
  file: ClusterFile,
  kind: Kind,
  keys: ReadonlyMap<string, string>,
): RenderedFile[] {
  const { source, version, erlang } = file.rabbitmq;
  const rows = source === 'system' ? [] : source[kind];
  const keyFiles = rows.flatMap(({ key }, at) =>
    key === undefined ? [] : [publicFile(keyPath(kind, at), `${keys.get(key)!.trimEnd()}\n`)],
  );
  const list =
    source === 'system' ? [] : kind === 'apt' ? aptList(source.apt) : yumList(file.name, source.yum);
  const pins = kind === 'apt' ? pinsOf(version, erlang) : [];
  return [
    ...keyFiles,
    ...(list.length > 0 ? [publicFile(folders[kind].list, text(list))] : []),
    ...(pins.length > 0 ? [publicFile(preferences, text(pins))] : []),
  ];
}

type Source = Exclude<ClusterFile['rabbitmq']['source'], 'system'>;

/** sources.list(5), the newer of the two formats. */
function aptList(apt: Source['apt']): string[][] {
  return apt.map(({ uri, suite, components, key }, at) => [
    'Types: deb',
    `URIs: ${uri}`,
    `Suites: ${suite}`,
    ...(suite.endsWith('/') || components.length === 0 ? [] : [`Components: ${components.join(' ')}`]),
    ...(key === undefined ? [] : [`Signed-By: ${keyPath('apt', at)}`]),
  ]);
}

function yumList(cluster: string, yum: Source['yum']): string[][] {
  return yum.map(({ uri, key }, at) => [
    `[warren-${at + 1}]`,
    `name=RabbitMQ of cluster ${cluster} (${at + 1})`,
    `baseurl=${uri}`,
    'enabled=1',
    ...(key === undefined ? [] : ['gpgcheck=1', `gpgkey=file://${keyPath('yum', at)}`]),
  ]);
}

/** apt_preferences(5): above 1000 a version is kept to even if that is a step back. */
function pinsOf(version: string | undefined, erlang: string | undefined): string[][] {
  const pin = (packages: string, wanted: string) => [
    `Package: ${packages}`,
    `Pin: version /^([0-9]+:)?${wanted.replace(/[.+]/g, '[$&]')}([^0-9]|$)/`,
    'Pin-Priority: 1001',
  ];
  return [
    ...(version === undefined ? [] : [pin('rabbitmq-server', version)]),
    ...(erlang === undefined ? [] : [pin('erlang*', erlang)]),
  ];
}

function keyPath(kind: Kind, at: number): string {
  return `${folders[kind].keys}/warren-${at + 1}.asc`;
}

function text(parts: readonly (readonly string[])[]): string {
  return `${head}\n\n${parts.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}
