import { spawnSync } from 'node:child_process';
import { Lab } from './hosts.js';
import { prepareImage } from './image.js';
import { labNames, readRecord } from './record.js';
import { whyNoLab } from './requirements.js';

const usage = `Blank Debian hosts with systemd and sshd on a private network of this machine.

  node test/lab/lab.js base                    build the image that hosts are made of
  node test/lab/lab.js up 5 [--installed]      server1 … server5 at 192.0.2.101 … 105; with RabbitMQ,
                                               HAProxy and Keepalived installed, or with nothing
  node test/lab/lab.js ssh 1 [COMMAND]         a shell or a command on server1, as root
  node test/lab/lab.js control [COMMAND]       a command on the control point, 192.0.2.100: warren, say
  node test/lab/lab.js kill 2                  power server2 off at once
  node test/lab/lab.js stop 2                  shut it down
  node test/lab/lab.js start 2                 switch it on again
  node test/lab/lab.js cut 2                   unplug its cable
  node test/lab/lab.js mend 2                  plug it in again
  node test/lab/lab.js freeze 2 SERVICE        stop a service's main process where it stands
  node test/lab/lab.js thaw 2 SERVICE          let it go on
  node test/lab/lab.js list                    the labs that are up
  node test/lab/lab.js down                    power everything off, and leave nothing behind

--name NAME    one lab of several side by side (hand)
--disk SIZE    up: the room on each host's disk, as 64M`;

/** Carries out one command line; answers the exit status. */
export async function byHand(args: string[]): Promise<number> {
  const [flags, [verb = '', ...rest]] = split(args);
  const reason = whyNoLab();
  if (reason) return say(`no lab here: ${reason}`, 69);
  const run = verbs[verb];
  if (!run) return say(usage, 64);
  try {
    const status = await run(rest, flags);
    return typeof status === 'number' ? status : 0;
  } catch (error) {
    return say(`lab: ${(error as Error).message}`, 70);
  }
}

/** Flags stand anywhere, but what follows a command for a host or the control point is that command's. */
function split(args: string[]): [Flags, string[]] {
  const words: string[] = [];
  const flags = { name: 'hand', installed: false, disk: undefined as string | undefined };
  const left = [...args];
  for (let word = left.shift(); word !== undefined; word = left.shift()) {
    if (word === '--name') flags.name = left.shift() ?? '';
    else if (word === '--disk') flags.disk = left.shift();
    else if (word === '--installed') flags.installed = true;
    else words.push(word);
    const own = { ssh: 2, control: 1 }[words[0] ?? ''] ?? Number.POSITIVE_INFINITY;
    if (words.length > own) return [flags, [...words, ...left]];
  }
  return [flags, words];
}

interface Flags {
  readonly name: string;
  readonly installed: boolean;
  readonly disk?: string;
}

const on = (work: (host: ReturnType<Lab['host']>, ...words: string[]) => Promise<void>) => {
  return async ([number, ...words]: string[], { name }: Flags) => {
    await work(Lab.find(name).host(Number(number)), ...words);
  };
};

const verbs: Record<string, (rest: string[], flags: Flags) => Promise<unknown>> = {
  base: async () => {
    const { packages } = await prepareImage('base', (line) => say(line));
    say(`packages in ${packages}`);
  },
  up: async ([hosts = '5'], { name, installed, disk }) => {
    await prepareImage('base', (line) => say(line));
    const image = installed ? 'installed' : 'base';
    const lab = await Lab.up({ name, hosts: Number(hosts), image, disk, stays: true });
    say(`control point: ip netns exec ${lab.control.namespace} COMMAND`);
    say(`key: ${lab.control.key}\nknown hosts: ${lab.control.knownHosts}`);
    for (const host of lab.hosts) say(`${host.name} ${host.address}`);
  },
  ssh: async ([number, ...command], { name }) => {
    const lab = Lab.find(name);
    const { address } = lab.host(Number(number));
    return inherit(lab.control.namespace, [
      'ssh',
      ...lab.control.sshOptions(),
      `root@${address}`,
      ...command,
    ]);
  },
  control: async (command, { name }) => {
    const { control } = Lab.find(name);
    return inherit(control.namespace, command);
  },
  kill: on((host) => host.kill()),
  stop: on((host) => host.stop()),
  start: on((host) => host.start()),
  cut: on((host) => host.cut()),
  mend: on((host) => host.mend()),
  freeze: on((host, service = '') => host.freeze(service)),
  thaw: on((host, service = '') => host.thaw(service)),
  list: async () => {
    for (const name of labNames()) {
      const record = readRecord(name);
      const hosts = record?.hosts.map((host) => `${host.name} (${host.process ? 'on' : 'off'})`);
      say(`${name}: ${hosts?.join(', ')}`);
    }
  },
  down: async (_, { name }) => Lab.find(name).down(),
};

function inherit(namespace: string, command: string[]): number {
  const args = [`--net=/run/netns/${namespace}`, '--', ...(command.length > 0 ? command : ['bash'])];
  return spawnSync('nsenter', args, { stdio: 'inherit' }).status ?? 70;
}

function say(text: string, status = 0): number {
  console.error(text);
  return status;
}
