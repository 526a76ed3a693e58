import { createHash } from 'node:crypto';
import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ServerHostKeyAlgorithm } from 'ssh2';
import { WarrenError } from '../../../errors/warren-error.js';
import { judge, type KnownKey, keysOf, knownName, readKnownHosts, typeOf } from './known-hosts.js';
import { addressOf, portOf, type SshLogin, type SshOptions } from './target.js';

/**
 * Which keys hosts may show. Each file is read once; what is learnt is added to
 * it, one line after the other, and to what was read, so that two connections to
 * one new host agree.
 */
export class HostKeys {
  readonly #options: Pick<SshOptions, 'acceptNew' | 'accepted'>;
  readonly #global: string;
  readonly #files = new Map<string, Promise<KnownKey[]>>();
  #last: Promise<void> = Promise.resolve();

  constructor(options: SshOptions) {
    this.#options = options;
    this.#global = options.globalKnownHosts ?? '/etc/ssh/ssh_known_hosts';
  }

  /** The kinds of keys to ask a host for: those that are known of it first, so that it shows one of them. */
  async algorithms(login: SshLogin): Promise<ServerHostKeyAlgorithm[]> {
    const known = keysOf(await this.#known(login), knownName(login.address, portOf(login)));
    const types = new Set(known.filter(({ revoked }) => !revoked).map(({ type }) => type));
    const isKnown = (algorithm: string) => types.has(algorithm.startsWith('rsa-') ? 'ssh-rsa' : algorithm);
    return [...accepted.filter(isKnown), ...accepted.filter((algorithm) => !isKnown(algorithm))];
  }

  /** Returns when the key may be trusted, and throws what is wrong with it. */
  async check(host: string, login: SshLogin, key: Buffer): Promise<void> {
    const name = knownName(login.address, portOf(login));
    const verdict = judge(await this.#known(login), name, key);
    if (verdict.kind === 'known') return;
    const facts = { host, address: addressOf(login), name, type: typeOf(key), fingerprint: fingerprint(key) };
    if (verdict.kind === 'changed') throw WarrenError.of('HOST_KEY_CHANGED', { ...facts, ...verdict });
    if (verdict.kind === 'revoked') throw WarrenError.of('HOST_KEY_REVOKED', { ...facts, ...verdict });
    if (!this.#options.acceptNew)
      throw WarrenError.of('HOST_KEY_UNKNOWN', { ...facts, file: login.knownHosts });
    await this.#learn(host, login.knownHosts, name, key);
  }

  async #known(login: SshLogin): Promise<KnownKey[]> {
    return (await Promise.all([login.knownHosts, this.#global].map((file) => this.#read(file)))).flat();
  }

  #read(file: string): Promise<KnownKey[]> {
    let known = this.#files.get(file);
    if (!known) {
      known = readFile(file, 'utf8').then(
        (text) => readKnownHosts(text, file),
        (error: NodeJS.ErrnoException) => {
          if (error.code === 'ENOENT') return [];
          throw WarrenError.of('KNOWN_HOSTS_UNUSABLE', { file, reason: error.message });
        },
      );
      this.#files.set(file, known);
    }
    return known;
  }

  #learn(host: string, file: string, name: string, key: Buffer): Promise<void> {
    const learning = this.#last.then(async () => {
      const known = await this.#read(file);
      const type = typeOf(key);
      if (keysOf(known, name).some((one) => one.key.equals(key))) return;
      const line = await append(file, `${name} ${type} ${key.toString('base64')}\n`);
      known.push({ file, line, revoked: false, type, key, names: name });
      this.#options.accepted?.({ host, type, fingerprint: fingerprint(key), file });
    });
    this.#last = learning.catch(() => {});
    return learning;
  }
}

/** Returns the number of the line. A file whose last line was left unfinished gets its end first. */
async function append(file: string, line: string): Promise<number> {
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    const before = await readFile(file, 'utf8').catch(() => '');
    const lead = before === '' || before.endsWith('\n') ? '' : '\n';
    await appendFile(file, lead + line, { mode: 0o600 });
    return before.split('\n').length + lead.length;
  } catch (error) {
    throw WarrenError.of('KNOWN_HOSTS_UNUSABLE', { file, reason: (error as Error).message });
  }
}

/** As ssh-keygen -l writes it. */
function fingerprint(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

/** What ssh itself takes by default; nothing that rests on SHA-1. */
const accepted: readonly ServerHostKeyAlgorithm[] = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
];
