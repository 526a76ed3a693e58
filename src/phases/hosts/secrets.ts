import { newSecret, resolveSecret, type SecretSources } from '../../cluster-file/resolve-secret.js';
import { type Secret, SecretText } from '../../cluster-file/secret.js';

/**
 * The values of the secrets that a cluster file refers to. What was generated
 * by an earlier apply comes from the hosts, where every broker's host has all
 * of it; the first host that knows a secret decides. What no host knows is made
 * now, and is kept by the phase that writes the file.
 */
export class HostSecrets {
  readonly #env: Readonly<Record<string, string | undefined>>;
  readonly #kept = new Map<string, string>();

  constructor(env: Readonly<Record<string, string | undefined>>) {
    this.#env = env;
  }

  /** Takes in what a host has kept. */
  learn(kept: Readonly<Record<string, string>>): void {
    for (const [key, value] of Object.entries(kept)) if (!this.#kept.has(key)) this.#kept.set(key, value);
  }

  /** `key` is the name a generated one is kept under, `what` whose it is, for an error. */
  of(secret: Secret, key: string, what: string): Promise<SecretText> {
    return resolveSecret(secret, { key, what }, this.sources);
  }

  get sources(): SecretSources {
    const generated = async (key: string) => {
      const value = this.#kept.get(key) ?? newSecret().reveal();
      this.#kept.set(key, value);
      return new SecretText(value);
    };
    return { env: this.#env, generated };
  }

  /** The text of the file that keeps them; nothing when there is nothing to keep. */
  fileText(): string | undefined {
    if (this.#kept.size === 0) return undefined;
    const sorted = [...this.#kept].sort(([left], [right]) => (left < right ? -1 : 1));
    return `${JSON.stringify(Object.fromEntries(sorted), null, 2)}\n`;
  }

  keys(): string[] {
    return [...this.#kept.keys()].sort();
  }
}

/** The names that generated secrets are kept under. */
export const secretKey = {
  user: (name: string) => `users/${name}`,
  upstream: (name: string) => `upstreams/${name}`,
  stats: 'front_end/stats_password',
  check: 'front_end/check_password',
  vrrp: 'front_end/auth_pass',
} as const;
