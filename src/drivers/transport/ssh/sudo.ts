import { WarrenError } from '../../../errors/warren-error.js';
import type { AskedSecrets } from './asked-secrets.js';
import type { Elevation } from './command-script.js';
import type { SshTarget } from './target.js';

export interface Rights {
  readonly elevation: Elevation;
  /** sudo's password, told how often it asked before; nothing when there is no other to try. */
  readonly sudoPassword?: (wrong: number) => Promise<string | undefined>;
}

/** How commands become root's on one host, and what sudo's own words mean when they do not. */
export class Sudo {
  readonly #target: SshTarget;
  readonly #secrets: AskedSecrets;
  readonly rights: Rights;

  constructor(target: SshTarget, secrets: AskedSecrets) {
    this.#target = target;
    this.#secrets = secrets;
    this.rights = this.#rights();
  }

  refusedPassword(): WarrenError {
    const { host, user } = this.#target;
    return WarrenError.of('HOST_SUDO_PASSWORD', { host, user });
  }

  /** Nothing if what was said is not sudo's. */
  refusal(said: string): WarrenError | undefined {
    if (this.rights.elevation === 'none') return undefined;
    const { host, user } = this.#target;
    const reason = said.replaceAll(/^sudo: /gm, '').trim();
    return WarrenError.of('HOST_SUDO_REFUSED', { host, user, reason });
  }

  #rights(): Rights {
    const { user, sudo = user !== 'root', sudoPassword } = this.#target;
    if (!sudo) return { elevation: 'none' };
    if (sudoPassword !== undefined)
      return { elevation: 'ask', sudoPassword: async (wrong) => (wrong === 0 ? sudoPassword : undefined) };
    if (!this.#secrets.canAsk) return { elevation: 'never' };
    let last: string | undefined;
    return {
      elevation: 'ask',
      sudoPassword: async (wrong) => {
        const question = `sudo password of ${user}`;
        if (wrong > 0 && last !== undefined) await this.#secrets.forget(question, last);
        last = await this.#secrets.answer('sudo password', question);
        return last;
      },
    };
  }
}
