import { dirname, join, resolve } from 'node:path';
import type { ClusterFile, FileNode, SshAccess, SshSettings, Warning } from './cluster-file.js';
import { federationPlugins } from './federation.js';
import type { FrontEnd } from './front-end.js';
import type { FileObjects } from './objects.js';
import type { Profile } from './profile.js';
import type { WrittenFile } from './schema.js';
import { parseSecret, type Secret, SecretText } from './secret.js';
import type { NodeTls, TlsSettings } from './tls.js';

/** What the typed file needs to know of its surroundings. */
export interface Place {
  readonly file: string;
  /** What `~` stands for. */
  readonly home: string;
}

type WrittenSsh = WrittenFile['ssh'];
type WrittenNode = Exclude<NonNullable<WrittenFile['nodes']>, number>[number];

/** From the file as it is written to the typed file: short forms written out, paths absolute, secrets references. */
export function normalise(written: WrittenFile, place: Place, warnings: readonly Warning[]): ClusterFile {
  const { plugins, nodes, rabbitmq, profile, front_end, engine, engine_dir, port_base, ha } = written;
  const words = new Words(place);
  const { plugins: more, ...settings } = rabbitmq;
  return {
    file: place.file,
    name: written.name,
    engine,
    engine_dir,
    port_base,
    ha,
    nodes: nodesOf(written, nodes, words),
    rabbitmq: {
      ...settings,
      source: sourceOf(settings.source, words),
      cookie: words.secret(rabbitmq.cookie),
      tls: rabbitmq.tls && tlsOf(rabbitmq.tls, words),
    },
    plugins: [...new Set(['rabbitmq_management', ...plugins, ...more, ...federationOf(profile)])],
    profile: profile === undefined ? undefined : profileOf(profile, words),
    front_end: front_end && frontEndOf(front_end, written, words),
    ...objectsOf(written, words),
    warnings,
  };
}

function sourceOf(
  source: WrittenFile['rabbitmq']['source'],
  words: Words,
): ClusterFile['rabbitmq']['source'] {
  if (source === 'system') return source;
  const keyed = <T extends { key?: string | undefined }>(one: T) => ({ ...one, key: words.fileOf(one.key) });
  return { apt: source.apt.map(keyed), yum: source.yum.map(keyed) };
}

/** Paths and secrets, relative to the file that they stand in. */
class Words {
  constructor(private readonly place: Place) {}

  path(written: string): string {
    if (written === '~' || written.startsWith('~/')) return join(this.place.home, written.slice(1));
    return resolve(dirname(this.place.file), written);
  }

  /** Of what is no secret, and is kept in a file all the same. */
  fileOf(written: string | undefined): string | undefined {
    return written === undefined ? undefined : this.path(written.replace(/^file:/, ''));
  }

  secret(written: string): Secret {
    const secret = parseSecret(written) ?? { from: 'text', text: new SecretText(written) };
    return secret.from === 'file' ? { from: 'file', path: this.path(secret.path) } : secret;
  }
}

function nodesOf(
  written: WrittenFile,
  nodes: WrittenFile['nodes'],
  words: Words,
): readonly FileNode[] | undefined {
  if (nodes === undefined) return undefined;
  const list: WrittenNode[] =
    typeof nodes === 'number'
      ? Array.from({ length: nodes }, (_, i) => ({ name: `${written.name}-${i + 1}` }))
      : nodes;
  return list.map(({ name, address, ssh, rabbitmq }) => ({
    name,
    address,
    ssh: sshOf(written.ssh, ssh, words),
    config: rabbitmq?.config ?? {},
    environment: rabbitmq?.environment ?? {},
    tls: nodeTlsOf({ ...written.rabbitmq.tls, ...rabbitmq?.tls }, words),
  }));
}

type WrittenTls = NonNullable<WrittenFile['rabbitmq']['tls']>;

function tlsOf({ ca, verify, fail_if_no_peer_cert, management }: WrittenTls, words: Words): TlsSettings {
  return { ca: words.fileOf(ca), verify, fail_if_no_peer_cert, management };
}

function nodeTlsOf({ certificate, key }: Partial<WrittenTls>, words: Words): NodeTls | undefined {
  if (certificate === undefined || key === undefined) return undefined;
  return { certificate: words.fileOf(certificate)!, key: words.secret(key) };
}

function sshOf(common: WrittenSsh, own: WrittenSsh | undefined, words: Words): SshSettings {
  const ssh = { ...common, ...own };
  const access = accessOf(ssh, words);
  const { bastion } = ssh;
  // The bastion is reached as the hosts are, but is not given their password.
  const { password: _, ...inherited } = ssh;
  return {
    ...access,
    bastion: bastion && {
      address: bastion.address,
      ...accessOf({ ...inherited, port: undefined, ...bastion }, words),
    },
    sudo: ssh.sudo ?? access.user !== 'root',
    sudo_password: ssh.sudo_password === undefined ? undefined : words.secret(ssh.sudo_password),
  };
}

function accessOf(ssh: Omit<WrittenSsh, 'bastion'>, words: Words): SshAccess {
  return {
    user: ssh.user ?? 'root',
    port: ssh.port ?? 22,
    key: ssh.key === undefined ? undefined : words.path(ssh.key),
    passphrase: ssh.passphrase === undefined ? undefined : words.secret(ssh.passphrase),
    password: ssh.password === undefined ? undefined : words.secret(ssh.password),
    agent: ssh.agent ?? true,
    known_hosts: words.path(ssh.known_hosts ?? '~/.ssh/known_hosts'),
  };
}

function federationOf(profile: WrittenFile['profile']): readonly string[] {
  return typeof profile === 'object' && profile.name === 'federated' ? federationPlugins : [];
}

function profileOf(profile: NonNullable<WrittenFile['profile']>, words: Words): Profile {
  if (profile === 'mirrored') return { name: profile, pattern: '^(?!amq\\.)' };
  if (typeof profile === 'string') return { name: profile };
  if (profile.name !== 'federated') return profile;
  return {
    ...profile,
    upstreams: profile.upstreams.map((one) => ({ ...one, password: words.secret(one.password) })),
  };
}

function frontEndOf(
  written: NonNullable<WrittenFile['front_end']>,
  { ssh, rabbitmq }: WrittenFile,
  words: Words,
): FrontEnd {
  const { interface: common, haproxy } = written;
  return {
    hosts: written.hosts.map((host) => ({
      name: host.name,
      address: host.address,
      ssh: sshOf(ssh, host.ssh, words),
      interface: host.interface ?? common,
    })),
    virtual_addresses: written.virtual_addresses.map((text) => {
      const [address, prefix] = text.split('/');
      return { address: address!, prefix: prefix === undefined ? undefined : Number(prefix) };
    }),
    vrid: written.vrid,
    auth_pass: written.auth_pass === undefined ? undefined : words.secret(written.auth_pass),
    mode: written.mode,
    without_brokers: written.without_brokers,
    haproxy: {
      ...haproxy,
      tls: haproxy.tls ?? (rabbitmq.tls ? 'passthrough' : 'none'),
      stats_password: words.secret(haproxy.stats_password),
      check_password: words.secret(haproxy.check_password),
    },
  };
}

function objectsOf(written: WrittenFile, words: Words): FileObjects {
  const { users, permissions, topic_permissions } = written;
  return {
    vhosts: written.vhosts.map((vhost) =>
      typeof vhost === 'string'
        ? { name: vhost, tags: [], limits: {} }
        : { ...vhost, limits: given(vhost.limits) },
    ),
    users: users.map((user) => ({
      name: user.name,
      password: user.password === undefined ? undefined : words.secret(user.password),
      password_hash: user.password_hash === undefined ? undefined : words.secret(user.password_hash),
      hashing_algorithm: user.hashing_algorithm,
      tags: user.tags,
      limits: given(user.limits),
    })),
    permissions: [
      ...users.flatMap(({ name, permissions: own }) => own.map((one) => ({ user: name, ...one }))),
      ...permissions,
    ],
    topic_permissions: [
      ...users.flatMap(({ name, topic_permissions: own }) => own.map((one) => ({ user: name, ...one }))),
      ...topic_permissions,
    ],
    policies: written.policies,
    operator_policies: written.operator_policies,
    parameters: written.parameters,
    global_parameters: written.global_parameters,
    exchanges: written.exchanges,
    queues: written.queues,
    bindings: written.bindings,
  };
}

function given(limits: Readonly<Record<string, number | undefined>>): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(limits).filter(([, limit]) => limit !== undefined)) as Record<
    string,
    number
  >;
}
