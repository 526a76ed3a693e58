import { resolveSecret, type SecretSources } from './resolve-secret.js';
import { parseSecret, type SecretText } from './secret.js';

/** `${env:NAME}` or `${file:PATH}` within a text: where a value is an address that holds a password. */
const placeholder = /\$\{((?:env|file):[^}]+)\}/g;

/**
 * A value whose texts may hold references to secrets. They are looked up now
 * and put in when the value is asked for, encoded as a part of a URI.
 */
export async function filled(value: unknown, what: string, sources: SecretSources): Promise<() => unknown> {
  const secrets = new Map<string, SecretText>();
  for (const [, reference] of JSON.stringify(value ?? null).matchAll(placeholder)) {
    const secret = parseSecret(reference!);
    if (secret) secrets.set(reference!, await resolveSecret(secret, { key: what, what }, sources));
  }
  return () => (secrets.size === 0 ? value : withSecrets(value, secrets));
}

function withSecrets(value: unknown, secrets: ReadonlyMap<string, SecretText>): unknown {
  if (typeof value === 'string') {
    return value.replace(placeholder, (text, reference) => {
      const secret = secrets.get(reference);
      return secret ? encodeURIComponent(secret.reveal()) : text;
    });
  }
  if (Array.isArray(value)) return value.map((one) => withSecrets(one, secrets));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withSecrets(one, secrets)]));
}

/** The password in a URI such as `amqp://user:password@host`. */
export const passwordInUri = /(\w+:\/\/[^/@:\s"]*:)([^@/\s"]+)@/;
