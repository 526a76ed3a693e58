import { createHash } from 'node:crypto';
import type { ClusterFile } from '../../../src/cluster-file/cluster-file.js';
import { hostsOf } from '../../../src/cluster-file/hosts.js';
import { parseClusterFile } from '../../../src/cluster-file/read.js';
import { FakeTransport } from '../../../src/drivers/transport/fake.js';
import { noView } from '../../../src/phases/hosts/cluster-view.js';
import type { HostsContext } from '../../../src/phases/hosts/context.js';
import { look } from '../../../src/phases/hosts/look.js';
import { HostSecrets } from '../../../src/phases/hosts/secrets.js';
import type { Change, Phase } from '../../../src/phases/phase.js';
import { runPhases } from '../../../src/phases/runner.js';

const cookiePath = '/var/lib/rabbitmq/.erlang.cookie';
const base64 = (text: string) => Buffer.from(text).toString('base64');

const madison = (name: string, versions: readonly string[]) =>
  versions.map((version) => ` ${name} | ${version} | http://mirror.example stable/main`).join('\n');

/** A host in memory that knows of packages, one service and its RabbitMQ node, as the phases ask for them. */
export class FakeHost {
  readonly transport: FakeTransport;
  readonly packages = new Map<string, string>();
  /** Further lines for the facts, to set up what is amiss. */
  readonly facts: string[] = [];
  os = 'debian|12||Debian';
  running = false;
  startedAt = 0;
  /** What the node believes its cluster to be; nothing when it was never started. */
  members: readonly string[] | undefined;
  vhosts: readonly string[] = ['/'];
  /** Whom it no longer sees, as it says. */
  partitions: readonly string[] = [];
  /** Whom it sees running, where that is not everybody who runs. */
  sees: readonly string[] | undefined;

  constructor(
    readonly name: string,
    readonly address: string,
    private readonly cluster: FakeCluster,
  ) {
    this.transport = new FakeTransport(name);
    this.transport.place('/etc/hosts', `127.0.0.1 localhost\n127.0.1.1 ${name}\n`);
    this.transport.place('/etc/os-release', 'ID=debian\n');
    this.transport
      .answer(/^sh -s/, ({ input }) => this.#facts(input!))
      .answer(/^sh -s probe/, ({ input }) => this.probe(input!))
      .answer(/policy-rc.d/, ({ args }) => this.#install(args.slice(4)))
      .answer(/apt-get update/, '')
      .answer(
        /^apt-cache policy/,
        'rabbitmq-server:\n  Installed: (none)\n  Candidate: 3.10.8-1\nerlang-base:\n  Installed: (none)\n  Candidate: 1:25.2.3-1\n',
      )
      .answer(/^apt-cache madison -- rabbitmq/, madison('rabbitmq-server', ['3.13.7-1', '3.10.8-1']))
      .answer(/^apt-cache madison -- erlang/, madison('erlang-base', ['1:26.2.5-1', '1:25.2.3-1']))
      .answer(/warren-lock/, 'mine\n')
      .answer(/^systemctl/, ({ args }) => this.#systemctl(args.filter((word) => !word.startsWith('--'))))
      .answer(/^grep -qs :6448 /, () => ({ status: this.running ? 0 : 1 }))
      .answer(/^journalctl/, '')
      .answer(/^rabbitmq/, ({ file, args }) => this.#tool(file, args));
  }

  /** What it reaches and hears on its network. */
  probe: (input: string) => string = () => '';

  get nodeName(): string {
    return `rabbit@${this.name}`;
  }

  installed(): this {
    this.packages.set('rabbitmq-server', '3.10.8-1').set('erlang-base', '1:25.2.3');
    this.transport.place(cookiePath, 'PACKAGECOOKIE', { mode: 0o400, owner: 'rabbitmq', group: 'rabbitmq' });
    for (const folder of ['/etc/rabbitmq', '/etc/systemd/system/rabbitmq-server.service.d']) {
      this.transport.place(`${folder}/.keep`, '');
    }
    return this;
  }

  #install(words: readonly string[]): string {
    for (const word of words) this.packages.set(word.split('=')[0]!, word.split('=')[1] ?? '1');
    if (words.some((word) => word.startsWith('rabbitmq'))) this.installed();
    return '';
  }

  #facts(input: string): string {
    const paths = /^paths='([^']*)'/m.exec(input)![1]!.split('\n');
    const cookie = this.transport.file(cookiePath);
    const note = this.transport.file('/run/warren/restart');
    const secrets = this.transport.file('/etc/warren/secrets.json');
    const plugins = this.transport.file('/etc/rabbitmq/enabled_plugins');
    const state = this.running ? 'active SubState=running' : 'inactive SubState=dead';
    return [
      `now\t${this.cluster.seconds}`,
      `name\t${this.name}`,
      'user\t0',
      `os\t${this.os}`,
      'systemd\tyes',
      'memory\t4000000',
      'disk\t9000000 /',
      `address\teth0 ${this.address}/24`,
      'interface\teth0',
      ...[...this.packages].map(([name, version]) => `package\t${name} ${version} installed`),
      `service\tId=rabbitmq-server.service LoadState=loaded ActiveState=${state} UnitFileState=enabled MainPID=7`,
      ...paths.flatMap((path) => {
        const file = this.transport.file(path);
        return file
          ? [`file\t${file.mode.toString(8)} ${file.owner} ${file.group} ${sha256(file.text)} ${path}`]
          : [];
      }),
      ...(cookie
        ? [`cookie\t${cookie.mode.toString(8)} ${cookie.owner} ${cookie.group} ${sha256(cookie.text)}`]
        : []),
      ...(this.running ? [`started\t${this.startedAt}`, 'listener\t5672 * beam.smp 7'] : []),
      ...(note ? [`restart\t${this.cluster.seconds - 1} ${base64(note.text)}`] : []),
      ...(plugins ? [`plugins\t${base64(plugins.text)}`] : []),
      `hosts\t${base64(this.transport.file('/etc/hosts')!.text)}`,
      ...(secrets ? [`secrets\t${base64(secrets.text)}`] : []),
      ...(this.members ? [`data\t${this.nodeName} ${base64(`{[${this.members.join(',')}],[]}.`)}`] : []),
      ...this.facts,
      'end\tyes',
    ].join('\n');
  }

  #systemctl([verb]: readonly string[]): string {
    if (verb === 'stop') this.running = false;
    if (verb === 'start' || verb === 'restart') this.#start();
    return '';
  }

  /** A node that was never started forms the cluster with those that run, as its list of peers tells it to. */
  #start(): void {
    this.running = true;
    this.startedAt = this.cluster.seconds;
    if (!this.members) this.cluster.join(this);
  }

  #tool(file: string, args: readonly string[]): string {
    const [verb, word] = args;
    if (verb === 'cluster_status') return JSON.stringify(this.#status());
    if (verb === 'export_definitions') {
      return JSON.stringify({ users: [], vhosts: this.vhosts.map((name) => ({ name })) });
    }
    if (verb === 'reset') Object.assign(this, { members: [this.nodeName], vhosts: ['/'] });
    if (verb === 'join_cluster') this.cluster.join(this);
    if (verb === 'forget_cluster_node') this.cluster.forget(word!);
    if (file === 'rabbitmq-plugins') {
      this.transport.place('/etc/rabbitmq/enabled_plugins', `[${args.slice(1).join(',')}].\n`);
    }
    return '';
  }

  #status(): unknown {
    const running = this.members!.filter((node) => this.cluster.ofNode(node)?.running);
    return {
      cluster_name: 'notes',
      disk_nodes: this.members,
      ram_nodes: [],
      running_nodes: this.sees ?? running,
      partitions: this.partitions.length > 0 ? { [this.nodeName]: this.partitions } : {},
      alarms: [],
      versions: {},
      feature_flags: [],
    };
  }
}

/** Hosts in memory for a cluster file, and the phases run on them. */
export class FakeCluster {
  readonly hosts = new Map<string, FakeHost>();
  seconds = 1_000;

  constructor(readonly file: ClusterFile) {
    for (const { name, address } of hostsOf(file)) this.hosts.set(name, new FakeHost(name, address, this));
  }

  static async of(text: string): Promise<FakeCluster> {
    return new FakeCluster(await parseClusterFile(text, 'warren.yaml', '/home/nobody'));
  }

  host(name: string): FakeHost {
    return this.hosts.get(name)!;
  }

  ofNode(node: string): FakeHost | undefined {
    return this.hosts.get(node.replace('rabbit@', ''));
  }

  join(host: FakeHost): void {
    const others = [...this.hosts.values()].filter((one) => one !== host && one.running && one.members);
    const mates = others.flatMap(({ members }) => members!);
    const members = [...new Set([...mates, host.nodeName])].sort();
    for (const one of [host, ...others]) one.members = members;
  }

  forget(node: string): void {
    for (const host of this.hosts.values()) host.members = host.members?.filter((member) => member !== node);
  }

  context(options: Partial<HostsContext> = {}): HostsContext {
    return {
      file: this.file,
      hosts: hostsOf(this.file),
      limit: new Set(this.hosts.keys()),
      concurrency: 8,
      env: { PASSWORD: 'very secret' },
      now: () => new Date(this.seconds * 1_000),
      signal: new AbortController().signal,
      patienceMs: 10_000,
      open: async ({ name }) => this.host(name).transport,
      connect: async () => {
        throw new Error('no API here');
      },
      resettable: new Set(),
      exports: '/nowhere',
      transports: new Map(),
      facts: new Map(),
      findings: [],
      failures: new Map(),
      putOff: [],
      secrets: new HostSecrets({ PASSWORD: 'very secret' }),
      cookie: {},
      stopped: new Set(),
      view: noView,
      changed: false,
      restarts: new Map(),
      ...options,
    };
  }

  /** Looks at the hosts and runs the phases on them: what the door heard, and the context. */
  async run(
    phases: readonly Phase<HostsContext>[],
    { dryRun = false, ...options }: Partial<HostsContext> & { readonly dryRun?: boolean } = {},
  ): Promise<{ context: HostsContext; changes: string[]; asked: string[] }> {
    this.seconds += 10;
    const context = this.context(options);
    const heard: Change[] = [];
    await runPhases([look], context);
    await runPhases(phases, context, {
      dryRun,
      watch: (event) => {
        if (event.kind === 'change') heard.push(event);
      },
    });
    return {
      context,
      changes: heard.map(({ host, sentence }) => `${host}: ${sentence}`),
      asked: heard.flatMap(({ asks }) => (asks ? [asks] : [])),
    };
  }

  /** Every command that every host was given, but for those that only look. */
  get commands(): string[] {
    return [...this.hosts.values()].flatMap(({ name, transport }) =>
      transport.lines
        .filter((line) => !/^sh -s|^grep|cluster_status|export_def/.test(line))
        .map((line) => `${name}: ${line}`),
    );
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

export const threeNodes = `
name: notes
nodes:
  - {name: server1, address: 192.0.2.101}
  - {name: server2, address: 192.0.2.102}
  - {name: server3, address: 192.0.2.103}
`;
