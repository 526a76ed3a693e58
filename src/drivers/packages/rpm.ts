import type { Transport } from '../transport/transport.js';
import { untilUnlocked, type Wording } from './failure.js';
import type { InstallOptions, LockPatience, Packages, WantedPackage } from './packages.js';

/** dnf, or yum before it, on Red Hat's kin, where a package starts no service. */
export class RpmPackages implements Packages {
  readonly #host: Transport;
  readonly #tool: 'dnf' | 'yum';
  readonly #lock: LockPatience;

  constructor(host: Transport, tool: 'dnf' | 'yum', lock: LockPatience) {
    this.#host = host;
    this.#tool = tool;
    this.#lock = lock;
  }

  async installed(names: readonly string[]): Promise<Map<string, string>> {
    const args = ['-q', '--qf', '%{NAME}\\t%{VERSION}-%{RELEASE}\\n', '--', ...names];
    const { stdout } = await this.#host.run('rpm', args, { env, readOnly: true });
    const rows = stdout.split('\n').map((line) => line.split('\t'));
    return new Map(rows.flatMap(([name, version]) => (version === undefined ? [] : [[name!, version]])));
  }

  /** The list names what is available apart from what is installed already. */
  async candidates(names: readonly string[]): Promise<Map<string, string>> {
    return new Map(await this.#list(names));
  }

  /** Listed from the oldest on, and what is installed before all. */
  async versions(name: string): Promise<string[]> {
    const rows = await this.#list(['--showduplicates', name]);
    return [...new Set(rows.map(([, version]) => version).reverse())];
  }

  async #list(words: readonly string[]): Promise<[name: string, version: string][]> {
    const { stdout } = await this.#host.run(this.#tool, ['-q', 'list', ...words], { env, readOnly: true });
    const found = stdout.matchAll(/^(\S+)\.[^.\s]+\s+(?:\d+:)?(\S+)\s+\S+$/gm);
    return [...found].map(([, name, version]) => [name!, version!]);
  }

  refresh(options: InstallOptions = {}): Promise<void> {
    return this.#change(['-q', 'makecache'], options);
  }

  install(wanted: readonly WantedPackage[], options: InstallOptions = {}): Promise<void> {
    const words = wanted.map(({ name, version }) => (version === undefined ? name : `${name}-${version}`));
    return this.#change(['-y', '-q', 'install', ...words], options);
  }

  #change(args: readonly string[], options: InstallOptions): Promise<void> {
    const doing = [this.#tool, ...args.filter((word) => !word.startsWith('-'))].join(' ');
    return untilUnlocked(this.#host.host, doing, wording, this.#lock, options, () =>
      this.#host.run(this.#tool, [`--setopt=exit_on_lock=1`, ...args], {
        env,
        ...(options.signal ? { signal: options.signal } : {}),
      }),
    );
  }
}

const env = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  HOME: '/root',
  LC_ALL: 'C',
};

const wording: Wording = {
  locked:
    /(?:lock is held by|locked by|Waiting for) (process [^\n.]*|another process|PID \d+)|Another app is (?:currently )?holding the (?:yum )?lock/,
  noSpace: /No space left on device|more space needed/,
  notFound: /(?:No match for argument|Unable to find a match|No package): ?(\S+)|No package (\S+) available/,
  complaint: /^(Error|error)/,
};
