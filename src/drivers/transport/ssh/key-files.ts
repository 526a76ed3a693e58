import { readFile } from 'node:fs/promises';
import type { ParsedKey } from 'ssh2';
import { WarrenError } from '../../../errors/warren-error.js';
import type { AskedSecrets } from './asked-secrets.js';

/**
 * Private keys by their files, each read, and its passphrase asked for, once for
 * all hosts. OpenSSH's way of making a key from a passphrase is slow on purpose.
 */
export class KeyFiles {
  readonly #secrets: AskedSecrets;
  readonly #texts = new Map<string, Promise<string>>();
  readonly #keys = new Map<string, Promise<ParsedKey | undefined>>();

  constructor(secrets: AskedSecrets) {
    this.#secrets = secrets;
  }

  /** The key, if it can be had without a passphrase. */
  async plain(file: string): Promise<ParsedKey | undefined> {
    const key = await parse(await this.#text(file));
    if (!(key instanceof Error)) return key;
    if (/encrypted/i.test(key.message)) return undefined;
    throw WarrenError.of('SSH_KEY_UNUSABLE', { file, reason: key.message });
  }

  /** The key behind its passphrase; nothing when that is not known and nobody can be asked. */
  encrypted(file: string, passphrase: string | undefined): Promise<ParsedKey | undefined> {
    const known = this.#keys.get(file);
    if (known) return known;
    const key = this.#open(file, passphrase);
    this.#keys.set(file, key);
    return key;
  }

  async #open(file: string, passphrase: string | undefined): Promise<ParsedKey | undefined> {
    const text = await this.#text(file);
    if (passphrase !== undefined) {
      const key = await parse(text, passphrase);
      if (!(key instanceof Error)) return key;
      throw WarrenError.of('SSH_KEY_UNUSABLE', { file, reason: 'the passphrase is wrong' });
    }
    const question = `passphrase of ${file}`;
    for (;;) {
      const answer = await this.#secrets.answer('passphrase', question);
      if (answer === undefined) {
        if (!this.#secrets.canAsk) return undefined;
        throw WarrenError.of('SSH_KEY_UNUSABLE', { file, reason: 'the passphrase is wrong' });
      }
      const key = await parse(text, answer);
      if (!(key instanceof Error)) return key;
      await this.#secrets.forget(question, answer);
    }
  }

  #text(file: string): Promise<string> {
    let text = this.#texts.get(file);
    if (!text) {
      text = readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
        const reason = error.code === 'ENOENT' ? 'there is no such file' : error.message;
        throw WarrenError.of('SSH_KEY_UNUSABLE', { file, reason });
      });
      this.#texts.set(file, text);
    }
    return text;
  }
}

async function parse(text: string, passphrase?: string): Promise<ParsedKey | Error> {
  const { default: ssh2 } = await import('ssh2');
  const parsed = ssh2.utils.parseKey(text, passphrase) as ParsedKey | ParsedKey[] | Error;
  const key = Array.isArray(parsed) ? parsed[0]! : parsed;
  if (key instanceof Error || key.isPrivateKey()) return key;
  return new Error('it holds no private key');
}
