import { WarrenError } from '../../errors/warren-error.js';
import type {
  AddressFacts,
  FileFacts,
  HostFacts,
  ListenerFacts,
  NodeData,
  OsFacts,
  ServiceFacts,
} from './facts.js';

/** Reads what the script printed; `midway` is our clock between question and answer. */
export function parseFacts(stdout: string, stderr: string, host: string, midway: number): HostFacts {
  const lines = new Lines(stdout);
  if (lines.first('end') !== 'yes') {
    throw WarrenError.of(
      'FACTS_INCOMPLETE',
      { host },
      { where: host, why: stderr.trim() || stdout.slice(-500).trim() },
    );
  }
  const [free] = words(lines.first('disk'));
  return {
    clockAheadMs: Math.round(Number(lines.first('now')) * 1_000 - midway),
    hostName: lines.first('name'),
    root: lines.first('user') === '0',
    os: osOf(lines.first('os')),
    systemd: lines.first('systemd') === 'yes',
    memoryBytes: Number(lines.first('memory')) * 1_024,
    diskFreeBytes: Number(free) * 1_024,
    addresses: lines.all('address').map(addressOf),
    interfaces: lines.all('interface'),
    packages: new Map(lines.all('package').flatMap(packageOf)),
    services: new Map(lines.all('service').map(serviceOf)),
    files: new Map(lines.all('file').map(fileOf)),
    cookie: cookieOf(lines.first('cookie')),
    startedAt: Number(lines.first('started')) || undefined,
    restartNote: restartOf(lines.first('restart')),
    policyIsOurs: lines.first('policy') === 'ours',
    enabledPlugins: pluginsOf(lines.all('plugins')[0]),
    hostsFile: text(lines.first('hosts')),
    secrets: secretsOf(text(lines.first('secrets'))),
    resolves: new Map(lines.all('resolves').map(resolvedOf)),
    answers: lines.all('answers'),
    data: dataOf(lines),
    listeners: lines.all('listener').map(listenerOf),
  };
}

/** Lines of a key, a tab and a value. */
class Lines {
  readonly #values = new Map<string, string[]>();

  constructor(stdout: string) {
    for (const line of stdout.split('\n')) {
      const tab = line.indexOf('\t');
      if (tab < 0) continue;
      const key = line.slice(0, tab);
      this.#values.set(key, [...(this.#values.get(key) ?? []), line.slice(tab + 1)]);
    }
  }

  all(key: string): readonly string[] {
    return this.#values.get(key) ?? [];
  }

  first(key: string): string {
    return this.all(key)[0] ?? '';
  }
}

function words(value: string): string[] {
  return value.split(' ').filter((word) => word !== '');
}

function text(base64: string): string {
  return Buffer.from(base64, 'base64').toString();
}

function osOf(value: string): OsFacts | undefined {
  if (value === '') return undefined;
  const [id = '', version = '', like = '', name = ''] = value.split('|');
  return { id, version, like: words(like), name };
}

function addressOf(value: string): AddressFacts {
  const [device = '', whole = ''] = words(value);
  const [address = '', prefix] = whole.split('/');
  return { interface: device, address, prefix: Number(prefix ?? 32) };
}

function packageOf(value: string): [string, string][] {
  const [name = '', version = '', state] = words(value);
  return state === 'installed' ? [[name, version]] : [];
}

function serviceOf(value: string): [string, ServiceFacts] {
  const pairs = Object.fromEntries(words(value).map((word) => word.split('=') as [string, string]));
  return [
    (pairs.Id ?? '').replace(/\.service$/, ''),
    {
      loaded: pairs.LoadState === 'loaded',
      active: pairs.ActiveState ?? '',
      sub: pairs.SubState ?? '',
      enabled: pairs.UnitFileState === 'enabled',
      masked: pairs.LoadState === 'masked',
      openFiles: pairs.LimitNOFILE === 'infinity' ? Number.POSITIVE_INFINITY : Number(pairs.LimitNOFILE ?? 0),
      pid: Number(pairs.MainPID ?? 0),
    },
  ];
}

function fileOf(value: string): [string, FileFacts] {
  const [, mode = '', owner = '', group = '', sha256 = '', path = ''] =
    /^(\d+) (\S+) (\S+) (\S+) (.+)$/.exec(value) ?? [];
  return [path, { mode: Number.parseInt(mode, 8), owner, group, sha256 }];
}

function cookieOf(value: string): FileFacts | undefined {
  const [mode, owner = '', group = '', sha256 = ''] = words(value);
  return mode === undefined ? undefined : { mode: Number.parseInt(mode, 8), owner, group, sha256 };
}

function restartOf(value: string): HostFacts['restartNote'] {
  const [at, reason = ''] = words(value);
  return at === undefined ? undefined : { at: Number(at), reason: text(reason).trim() };
}

/** An Erlang list of atoms: `[rabbitmq_management,rabbitmq_shovel].` */
function pluginsOf(base64: string | undefined): readonly string[] | undefined {
  return base64 === undefined ? undefined : (text(base64).match(/[a-z][a-z0-9_]*/g) ?? []);
}

/** What an operator may have broken by hand counts as nothing: the secrets are made anew. */
function secretsOf(json: string): Readonly<Record<string, string>> {
  try {
    const value: unknown = JSON.parse(json || '{}');
    const pairs = Object.entries(value as object).filter(([, secret]) => typeof secret === 'string');
    return Object.fromEntries(pairs) as Record<string, string>;
  } catch {
    return {};
  }
}

function resolvedOf(value: string): [string, readonly string[]] {
  const [name = '', ...addresses] = words(value);
  return [name, addresses];
}

function dataOf(lines: Lines): NodeData[] {
  const vhosts = lines.all('vhost').map((value) => {
    const [node = '', queues = '0', name = ''] = words(value);
    return { node, name: text(name).trim(), queues: Number(queues) };
  });
  return lines.all('data').map((value) => {
    const [node = '', members = ''] = words(value);
    return {
      node,
      members: membersOf(text(members)),
      vhosts: vhosts.filter((vhost) => vhost.node === node).map(({ name, queues }) => ({ name, queues })),
    };
  });
}

/** `cluster_nodes.config` is an Erlang term: `{[all nodes],[disc nodes]}.` */
function membersOf(term: string): string[] {
  const all = /^\{\[([^\]]*)\]/.exec(term.trim())?.[1] ?? '';
  return all
    .split(',')
    .map((atom) => atom.trim().replace(/^'|'$/g, ''))
    .filter((atom) => atom !== '');
}

function listenerOf(value: string): ListenerFacts {
  const [port = '', address = '', program = '', pid = '0'] = words(value);
  return { port: Number(port), address, program, pid: Number(pid) };
}
