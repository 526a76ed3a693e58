import type { AnyAuthMethod, AuthenticationType, Prompt } from 'ssh2';
import type { AskedSecrets } from './asked-secrets.js';
import type { KeyFiles } from './key-files.js';
import type { SshLogin } from './target.js';

/**
 * One login. What costs the user nothing comes first: keys without a passphrase,
 * the agent, keys with one, and a password last. The host says after each attempt
 * which kinds are left, so nobody is asked for a password that it would not take.
 */
export class Authentication {
  /** What was tried, in the words of an error. */
  readonly tried: string[] = [];
  readonly #login: SshLogin;
  readonly #keys: KeyFiles;
  readonly #secrets: AskedSecrets;
  /** The last attempt was right, and the host wants something else besides. */
  #partly = false;
  #left: readonly AuthenticationType[] | undefined;

  constructor(login: SshLogin, keys: KeyFiles, secrets: AskedSecrets) {
    this.#login = login;
    this.#keys = keys;
    this.#secrets = secrets;
  }

  /** A function that gives the next attempt, told which kinds are left; nothing when there is none. */
  attempts(): (
    left: readonly AuthenticationType[] | null,
    partly: boolean,
  ) => Promise<AnyAuthMethod | undefined> {
    const all = this.#all();
    return async (left, partly) => {
      this.#left = left ?? this.#left;
      this.#partly = partly;
      return (await all.next()).value ?? undefined;
    };
  }

  async *#all(): AsyncGenerator<AnyAuthMethod, undefined> {
    const { user: username, agent } = this.#login;
    const encrypted: string[] = [];
    for (const file of this.#login.keys ?? []) {
      const key = await this.#keys.plain(file);
      if (!key) encrypted.push(file);
      else if (this.#takes('publickey'))
        yield this.#trying(`key ${file}`, { type: 'publickey', username, key });
    }
    if (agent && this.#takes('publickey'))
      yield this.#trying('the agent', { type: 'agent', username, agent });
    for (const file of encrypted) {
      if (!this.#takes('publickey')) break;
      const key = await this.#keys.encrypted(file, this.#login.passphrase);
      if (key) yield this.#trying(`key ${file}`, { type: 'publickey', username, key });
      else this.tried.push(`key ${file}, without its passphrase`);
    }
    yield* this.#withPassword();
    return undefined;
  }

  async *#withPassword(): AsyncGenerator<AnyAuthMethod> {
    if (!this.#left) yield { type: 'none', username: this.#login.user };
    for (const again of [false, true, true]) {
      const kind = this.#passwordKind();
      if (!kind) return;
      const password = await this.#password();
      if (password === undefined) return;
      if (!again) this.tried.push('a password');
      yield kind === 'password'
        ? { type: kind, username: this.#login.user, password }
        : {
            type: kind,
            username: this.#login.user,
            prompt: (...asked) => this.#converse(password, ...asked),
          };
      if (this.#partly || this.#login.password !== undefined) return;
      await this.#secrets.forget(this.#question, password);
    }
  }

  /** What PAM wants to know: the password where it is meant, anything else from the user. */
  #converse(
    password: string,
    _name: string,
    _instructions: string,
    _language: string,
    prompts: Prompt[],
    finish: (answers: string[]) => void,
  ): void {
    const answers = prompts.map(async ({ prompt }) => {
      if (prompts.length === 1 || /password/i.test(prompt)) return password;
      const text = `${prompt.replace(/[:\s]+$/, '')} (${this.#login.user}@${this.#login.address})`;
      return (await this.#secrets.once('code', text)) ?? '';
    });
    Promise.all(answers).then(finish, () => finish([]));
  }

  #password(): Promise<string | undefined> {
    if (this.#login.password !== undefined) return Promise.resolve(this.#login.password);
    return this.#secrets.answer('password', this.#question);
  }

  get #question(): string {
    return `password of ${this.#login.user}`;
  }

  #passwordKind(): 'password' | 'keyboard-interactive' | undefined {
    if (this.#takes('password')) return 'password';
    return this.#takes('keyboard-interactive') ? 'keyboard-interactive' : undefined;
  }

  #takes(kind: AuthenticationType): boolean {
    return this.#left === undefined || this.#left.includes(kind);
  }

  #trying(what: string, method: AnyAuthMethod): AnyAuthMethod {
    this.tried.push(what);
    return method;
  }
}
