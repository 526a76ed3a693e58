import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';

export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Place {
  readonly name: string;
  readonly address: string;
}

/** The control point: where an operator sits, with a cable to the hosts' network and a key that they let in. */
export class Control {
  static readonly address = '192.0.2.100';
  readonly namespace: string;
  readonly #folder: string;

  constructor(namespace: string, folder: string) {
    this.namespace = namespace;
    this.#folder = folder;
  }

  /** The private key that root, and each user that was added, can log in with. */
  get key(): string {
    return path.join(this.#folder, 'key');
  }

  /** Every host's true key, in OpenSSH's format. */
  get knownHosts(): string {
    return path.join(this.#folder, 'known_hosts');
  }

  /** Starts a program at the control point; its process id is the program's own. */
  start(file: string, args: readonly string[], options: SpawnOptions = {}): ChildProcess {
    return spawn('nsenter', [`--net=/run/netns/${this.namespace}`, '--', file, ...args], options);
  }

  run(
    file: string,
    args: readonly string[],
    options: SpawnOptions & { input?: string } = {},
  ): Promise<Outcome> {
    const { input = '', ...rest } = options;
    const child = this.start(file, args, { ...rest, stdio: 'pipe' });
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
    return ended(child);
  }

  ssh(host: Place, line: string, input?: string): Promise<Outcome> {
    return this.run('ssh', [...this.sshOptions(), `root@${host.address}`, line], { input });
  }

  sshOptions(): string[] {
    const trust = ['StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null', 'LogLevel=ERROR'];
    const patience = ['ConnectTimeout=2', 'ServerAliveInterval=2', 'ServerAliveCountMax=3'];
    // One connection a host for a while: a login costs more than most commands.
    const shared = ['ControlMaster=auto', `ControlPath=${this.#folder}/ssh-%r@%h`, 'ControlPersist=15'];
    return ['-i', this.key, ...[...trust, ...patience, ...shared].flatMap((word) => ['-o', word])];
  }

  /** Ends the connections that ssh keeps: to a host that went down, they would be tried first. */
  async forget(host: Place): Promise<void> {
    const kept = readdirSync(this.#folder).filter((name) => name.startsWith('ssh-'));
    for (const socket of kept.filter((name) => name.endsWith(`@${host.address}`))) {
      await this.run('ssh', [...this.sshOptions(), '-O', 'exit', socket.slice('ssh-'.length)]);
      rmSync(path.join(this.#folder, socket), { force: true });
    }
  }

  /** Waits until sshd lets users in on each of them. */
  async waitForSsh(hosts: readonly Place[], patience = 120): Promise<void> {
    const script = `
      for address; do
        until read -r -t 2 banner 2>/dev/null <"/dev/tcp/$address/22"; do
          [ "$SECONDS" -lt ${patience} ] || { echo "$address"; exit 1; }
          sleep 0.1
        done
      done`;
    const addresses = hosts.map(({ address }) => address);
    const { status, stdout } = await this.run('bash', ['-c', script, 'bash', ...addresses]);
    if (status !== 0) throw new Error(`no sshd answers at ${stdout.trim()} after ${patience} s`);
  }
}

function ended(child: ChildProcess): Promise<Outcome> {
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    stderr += chunk;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => resolve({ status, stdout, stderr }));
  });
}
