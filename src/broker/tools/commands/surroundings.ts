/** What is around a node: names, networks, variables, TLS. A node and its tools are on one machine. */
import { lookup } from 'node:dns/promises';
import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os';
import { getCiphers } from 'node:tls';
import { type Command, value } from '../command.js';
import { CommandFailed, exitStatus, UsageError } from '../exit-status.js';
import { sections } from '../sections.js';

const none: Pick<Command, 'usage' | 'operands' | 'timeout'> = {
  usage: '[--timeout <timeout>]',
  operands: [0, 0],
  timeout: 60,
};

const families: Readonly<Record<string, 4 | 6>> = { ipv4: 4, ipv6: 6 };

const resolveHostname: Command = {
  usage: '<hostname> [--address-family <ipv4 | ipv6>]',
  operands: [1, 1],
  options: { 'address-family': 'string' },
  check({ options }) {
    const family = options['address-family'];
    if (family === undefined || families[String(family).toLowerCase()] !== undefined) return;
    throw new UsageError(
      `Bad argument: unsupported IP address family ${family}. Valid values are: ipv4, ipv6`,
      exitStatus.dataError,
    );
  },
  banner: ({ node, operands, options }) =>
    `Asking node ${node} to resolve hostname ${operands[0]} to ${options['address-family'] ?? 'IPv4'} addresses...`,
  async run({ node, operands, options }, session) {
    await session.ask('app', {});
    const hostname = operands[0]!;
    const family = String(options['address-family'] ?? 'IPv4');
    const found = await lookup(hostname, { all: true, family: families[family.toLowerCase()]! }).catch(() => {
      const message = 'Hostname does not resolve (resolution failed with an nxdomain)';
      throw new CommandFailed(exitStatus.dataError, message, { message, node });
    });
    const addresses = [...new Set(found.map(({ address }) => address))];
    const json = { address_family: family, addresses, hostname, node, result: 'ok' };
    return value(addresses.join('\n'), json);
  },
};

/** The system's own resolver is asked, and nothing else. */
const resolverInfo: Command = {
  ...none,
  banner: ({ node }) => `Asking node ${node} for its effective hostname resolver (inetrc) configuration...`,
  async run({ node }, session) {
    await session.ask('app', {});
    const [hosts, conf] = ['/etc/hosts', '/etc/resolv.conf'];
    const lines = [
      'Lookup order: native',
      `Hosts file: ${hosts}`,
      `Resolver conf file: ${conf}`,
      'Cache size: ',
    ];
    const text = sections([
      ['Runtime Hostname Resolver (inetrc) Settings', lines],
      ['inetrc File Host Entries', ['(none)']],
    ]);
    const resolver = { hosts_file: hosts, lookup: 'native', resolv_conf: conf };
    return value(text.trimEnd(), { node, resolver, result: 'ok' });
  },
};

const listNetworkInterfaces: Command = {
  ...none,
  banner: ({ node }) => `Asking node ${node} to report its network interfaces ...`,
  async run({ node }, session) {
    await session.ask('app', {});
    const interfaces = Object.entries(networkInterfaces()).map(
      ([name, addresses]) => [name, factsOf(addresses ?? [])] as const,
    );
    const text = sections(
      interfaces.map(([name, facts]) => [`Interface ${name}`, facts.map((fact) => fact.join(': '))]),
    );
    const json = interfaces.map(([name, facts]) => [name, Object.fromEntries(facts)] as const);
    return value(text, { interfaces: Object.fromEntries(json), node, result: 'ok' });
  },
};

function factsOf(addresses: readonly NetworkInterfaceInfo[]): [string, string][] {
  const [first] = addresses;
  return [
    ...(first === undefined || first.internal
      ? []
      : [['hwaddr', first.mac.toUpperCase()] as [string, string]]),
    ...addresses.flatMap(({ address, netmask }): [string, string][] => [
      ['netmask', netmask],
      ['addr', address],
    ]),
  ];
}

const osEnv: Command = {
  ...none,
  banner: ({ node }) => `Listing RabbitMQ-specific environment variables defined on node ${node}...`,
  async run({ node }, session) {
    const variables = await session.ask('os_env', {});
    const lines = Object.entries(variables).map(([name, set]) => `${name}=${set}`);
    return value(lines.join('\n'), { node, result: 'ok', variables });
  },
};

const discoverPeers: Command = {
  ...none,
  requires: 'running app',
  banner: () => 'Discovering peers nodes ...',
  async run(_invocation, session) {
    const peers = await session.ask('peers', {});
    if (peers.length === 0) return value('No peers discovered', { message: 'No peers discovered' });
    return value(`[${peers.map((peer) => `:${atom(peer)}`).join(', ')}]`, peers);
  },
};

/** As Elixir writes an atom's name. */
const atom = (name: string) => (/^[A-Za-z_][\w@]*$/.test(name) ? name : JSON.stringify(name));

const tlsVersions: Command = {
  ...none,
  banner: () => 'Listing all TLS versions supported by the runtime...',
  async run(_invocation, session) {
    await session.ask('app', {});
    const versions = ['tlsv1.3', 'tlsv1.2', 'tlsv1.1', 'tlsv1'];
    return value(versions.join('\n'), { versions });
  },
};

/** Those of OpenSSL under OpenSSL's names: Erlang has terms for them, and other ones. */
const cipherSuites: Command = {
  usage: '[--format <openssl | erlang | map>] [--all] [--timeout <timeout>]',
  operands: [0, 0],
  timeout: 60,
  options: { format: 'string', all: 'flag' },
  check({ options: { format } }) {
    if (format === undefined || ['openssl', 'erlang', 'map'].includes(String(format))) return;
    throw new UsageError(
      'Bad argument: Format should be either openssl, erlang or map',
      exitStatus.dataError,
    );
  },
  banner: () => 'Listing available cipher suites in OpenSSL format',
  async run({ options: { format } }, session) {
    if (format !== undefined && format !== 'openssl') {
      throw new CommandFailed(
        exitStatus.usage,
        `there are no ${format} terms for cipher suites here: use openssl`,
      );
    }
    await session.ask('app', {});
    const suites = getCiphers().map((name) => name.toUpperCase());
    return value(suites.join('\n'), suites);
  },
};

export const surroundingCommands: Record<string, Command> = {
  resolve_hostname: resolveHostname,
  resolver_info: resolverInfo,
  list_network_interfaces: listNetworkInterfaces,
  os_env: osEnv,
  discover_peers: discoverPeers,
  tls_versions: tlsVersions,
  cipher_suites: cipherSuites,
};
