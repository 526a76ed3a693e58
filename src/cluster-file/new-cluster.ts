import { type HostWord, namesOf } from './host-word.js';
import { passwordVariable, type UpstreamWord } from './upstream-word.js';
import { yamlText } from './yaml-text.js';

/** What a new cluster file is to say. */
export interface NewCluster {
  readonly name: string;
  readonly hosts: readonly HostWord[];
  readonly balancers: readonly HostWord[];
  readonly virtualAddresses: readonly string[];
  readonly profile: 'standby' | 'mirrored' | 'quorum' | 'federated';
  /** The other clusters, of profile federated. */
  readonly upstreams: readonly UpstreamWord[];
}

/** The text of a new cluster file, for one who has never seen one. */
export function newClusterText(cluster: NewCluster): string {
  const all = [...cluster.hosts, ...cluster.balancers];
  const names = namesOf(all);
  const common = {
    user: commonest(all.map(({ user }) => user ?? 'root')),
    port: commonest(all.map(({ port }) => port)),
  };
  const rows = all.map((host, index) => row(names[index]!, host, common));
  const count = cluster.hosts.length;
  const sections = {
    name: cluster.name,
    ssh: { user: common.user, ...(common.port === undefined ? {} : { port: common.port }) },
    nodes: rows.slice(0, count),
    rabbitmq: { source: 'system' },
    profile: cluster.profile === 'federated' ? federated(cluster.upstreams) : cluster.profile,
    vhosts: ['app'],
    users: users(cluster),
    ...(rows.length > count ? { front_end: frontEnd(cluster, rows.slice(count)) } : {}),
  };
  return `${head}\n${yamlText(sections, comments(cluster))}`;
}

const head = `# A cluster of RabbitMQ on hosts. What to type next:
#
#   warren check    look at the hosts, and change nothing
#   warren plan     say what would be changed
#   warren apply    change it; typed again, it changes what has come to differ
#
# Every key, for editors and readers: warren schema
`;

function users({ name, profile }: NewCluster): object[] {
  const federation = { name: 'federation', password: `env:${passwordVariable(name)}`, permissions: [app()] };
  return [
    { name: 'admin', password: 'generate', tags: ['administrator'], permissions: [{ vhost: '/' }, app()] },
    { name: 'app', password: 'generate', permissions: [app()] },
    ...(profile === 'federated' ? [federation] : []),
  ];
}

/** Made anew each time: YAML would write the same one a second time as an alias. */
function app(): object {
  return { vhost: 'app' };
}

/** Between the vhosts that both files have; each side knows the other's password by the other's name. */
function federated(upstreams: readonly UpstreamWord[]): object {
  return {
    name: 'federated',
    exchanges: '^federated\\.',
    vhosts: ['app'],
    upstreams: upstreams.map(({ name, addresses }) => ({
      name,
      addresses,
      user: 'federation',
      password: `env:${passwordVariable(name)}`,
      vhost: 'app',
    })),
  };
}

function comments({ name, profile }: NewCluster): Record<string, string> {
  return {
    name: 'The name of the cluster.',
    ssh: `How the hosts are reached: by the keys of your SSH agent, or key: ~/.ssh/id_ed25519.
A user other than root needs sudo; sudo_password: env:NAME if it asks for a password.`,
    nodes: `One RabbitMQ node on each host. A name is the host's own short name (hostname -s), and
the node is called rabbit@NAME. Three nodes outlive the loss of one, five that of two.`,
    rabbitmq: `system: the package that the hosts' own repositories offer. version: 3.10.8 would insist on one;
config: { heartbeat: 60 } adds a line to rabbitmq.conf; plugins: [rabbitmq_shovel] enables a plugin.`,
    profile: profiles[profile],
    vhosts: 'Vhosts keep applications apart. / is always there.',
    users: `Passwords are never written here: generate (made at the first apply and kept on the hosts),
env:NAME (an environment variable) or file:PATH (a file that only you can read).${
      profile === 'federated'
        ? `\nOther clusters log in as federation: ${passwordVariable(name)} has to be the same here and there.`
        : ''
    }`,
    front_end: `HAProxy spreads the clients over the nodes; Keepalived moves the virtual address to the other
balancer when one fails. Clients use the virtual address, port 5672.
vrid: a number from 1 to 255 that no other virtual router of this network has.`,
  };
}

const profiles = {
  quorum: `How messages outlive a node. quorum: queues are replicated by Raft, three copies each.
Others: mirrored (classic queues with mirrors, up to RabbitMQ 3.13), standby (one node serves, the
others wait), federated (several clusters).`,
  mirrored: `How messages outlive a node. mirrored: classic queues with synchronised mirrors on a majority of
the nodes. RabbitMQ 4.0 took them away: there, write quorum.`,
  standby: `How messages outlive a node. standby: clients are sent to the first node alone, and to the next
when it fails; the queues are replicated, so the next one has the messages.`,
  federated: `Several clusters, each complete in itself. What is published to an exchange federated.* of an
upstream comes here as well; for the other way, its own file names this cluster as an upstream.
Within this cluster queues are replicated by what the version has (data: quorum or mirrored).`,
};

function frontEnd({ virtualAddresses }: NewCluster, hosts: readonly object[]): object {
  return {
    hosts,
    ...(virtualAddresses.length > 0 ? { virtual_addresses: virtualAddresses } : {}),
    ...(virtualAddresses.length === 2 ? { mode: 'active/active' } : {}),
    vrid: 110,
    haproxy: { amqp_port: 5672, management_port: 15672, stats_port: 8100 },
  };
}

/** What differs from the others stands at the host itself. */
function row(
  name: string,
  { address, user, port }: HostWord,
  common: { readonly user: string; readonly port: number | undefined },
): object {
  const ssh = {
    ...((user ?? 'root') === common.user ? {} : { user: user ?? 'root' }),
    ...(port === common.port ? {} : { port: port ?? 22 }),
  };
  return { name, address, ...(Object.keys(ssh).length > 0 ? { ssh } : {}) };
}

function commonest<T>(values: readonly T[]): T {
  const count = (value: T) => values.filter((one) => one === value).length;
  return values.reduce((best, one) => (count(one) > count(best) ? one : best), values[0]!);
}
