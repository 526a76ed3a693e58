import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { hostname, userInfo } from 'node:os';
import { WarrenError } from '../../errors/warren-error.js';
import { packageFile } from '../../package/package-file.js';
import { bootIdentity, startTimeOf, stateOf } from '../procfs/process.js';
import type { Transport } from '../transport/transport.js';

/**
 * One change at a time on one host, whoever makes it and from wherever. The
 * lock is a file under the host's /run with the holder's words and the second,
 * by the host's own clock, until which it holds; the holder renews it long before.
 * So it cannot be left behind: who dies, or loses the network, loses it a
 * little later, and a holder that is known to be dead, since it ran on this very
 * machine, is replaced at once. Each step is one command behind a flock.
 */
interface Holder {
  /** user@machine, as one would look for whoever it is. */
  readonly who: string;
  readonly command: string;
  readonly since: string;
  readonly pid: number;
  readonly startTime: string;
  readonly boot: string;
}

const leaseSeconds = 20;
const renewEveryMs = 5_000;

export class HostLock {
  readonly #id = randomUUID();
  readonly #words: string;
  readonly #held = new Set<Transport>();
  #renewal: NodeJS.Timeout | undefined;

  /** `command` as the user typed it, for the one who finds the host locked. */
  constructor(command: string, now: () => Date) {
    const holder: Holder = {
      who: `${userInfo().username}@${hostname()}`,
      command,
      since: now().toISOString(),
      pid: process.pid,
      startTime: startTimeOf(process.pid) ?? '',
      boot: bootIdentity(),
    };
    this.#words = JSON.stringify(holder);
  }

  /** Takes the host, or says who has it (HOSTS_BUSY). */
  async take(transport: Transport): Promise<void> {
    let answer = await this.#ask(transport, 'take');
    if (answer && hasDied(answer.holder)) answer = await this.#ask(transport, 'take', answer.id);
    if (answer) {
      const { who, command, since } = answer.holder;
      const facts = { host: transport.host, holder: who, command, since, seconds: answer.seconds };
      throw WarrenError.of('HOSTS_BUSY', facts);
    }
    this.#held.add(transport);
  }

  /** Keeps what was taken; `lost` is told if somebody else has it after all. */
  keep(lost: (error: WarrenError) => void): void {
    this.#renewal = setInterval(() => {
      for (const transport of this.#held) {
        this.#ask(transport, 'renew').then(
          (other) => other && lost(WarrenError.of('LOCK_LOST', { host: transport.host })),
          // A host that does not answer is told by whatever is being done there.
          () => {},
        );
      }
    }, renewEveryMs);
    this.#renewal.unref();
  }

  /** Lets all go. A host that has failed may be out of reach: it lets go by itself, as its lock runs out. */
  async release(failed: { has(host: string): boolean } = new Set()): Promise<void> {
    clearInterval(this.#renewal);
    const held = [...this.#held].filter(({ host }) => !failed.has(host));
    this.#held.clear();
    await Promise.all(held.map((transport) => this.#ask(transport, 'free').catch(() => {})));
  }

  /** Nothing when it is ours now. */
  async #ask(
    transport: Transport,
    what: 'take' | 'renew' | 'free',
    dead = '',
  ): Promise<{ id: string; seconds: number; holder: Holder } | undefined> {
    const args = ['-c', await script(), 'warren-lock', what, this.#id, String(leaseSeconds), dead];
    const { status, stdout, stderr } = await transport.run('sh', args, {
      input: `${this.#words}\n`,
      timeoutMs: 10_000,
    });
    if (status !== 0) {
      const facts = { tool: 'the lock', status, output: stderr || stdout };
      throw WarrenError.of('TOOL_FAILED', facts, { where: transport.host });
    }
    const [, id, seconds, words] = /^(\S+) (-?\d+) (.*)$/m.exec(stdout) ?? [];
    if (id === undefined) return undefined;
    return { id, seconds: Number(seconds), holder: parsed(words!) };
  }
}

function parsed(words: string): Holder {
  try {
    return JSON.parse(words) as Holder;
  } catch {
    return { who: 'somebody', command: '?', since: '?', pid: 0, startTime: '', boot: '' };
  }
}

/** Only of a process of this machine, since its start, can one say so. */
function hasDied({ boot, pid, startTime }: Holder): boolean {
  if (boot !== bootIdentity() || pid === 0) return false;
  return stateOf(pid) === 'gone' || startTimeOf(pid) !== startTime;
}

function script(): Promise<string> {
  return readFile(packageFile('templates/host-lock.sh'), 'utf8');
}
