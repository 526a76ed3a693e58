import { randomBytes } from 'node:crypto';
import { open } from 'node:fs/promises';
import { WarrenError } from '../errors/warren-error.js';
import { type Secret, SecretText } from './secret.js';

/** Where the values of secrets come from; handed in, never read from a global. */
export interface SecretSources {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What was made before under this key, or a new one that is kept from now on. */
  readonly generated: (key: string) => Promise<SecretText>;
}

/**
 * The value of a secret. `key` is the name that a generated one is kept under;
 * `what` says in an error whose secret it is.
 */
export async function resolveSecret(
  secret: Secret,
  { key, what }: { readonly key: string; readonly what: string },
  sources: SecretSources,
): Promise<SecretText> {
  switch (secret.from) {
    case 'text':
      return secret.text;
    case 'generate':
      return sources.generated(key);
    case 'env': {
      const value = sources.env[secret.name];
      if (value) return new SecretText(value);
      const problem = value === undefined ? 'is not set' : 'is empty';
      throw WarrenError.of('SECRET_MISSING', {
        what,
        problem: `the environment variable ${secret.name} ${problem}`,
        next: `read -rs ${secret.name}; export ${secret.name}`,
      });
    }
    case 'file':
      return readSecretFile(secret.path, what);
  }
}

/** A new secret: 32 characters that need no quoting anywhere. */
export function newSecret(): SecretText {
  return new SecretText(randomBytes(24).toString('base64url'));
}

/** The same open file is looked at and read, so nobody can put another in its place between. */
async function readSecretFile(path: string, what: string): Promise<SecretText> {
  const missing = (problem: string, next: string, cause?: unknown) =>
    WarrenError.of('SECRET_MISSING', { what, problem, next }, { cause });
  let file: Awaited<ReturnType<typeof open>>;
  try {
    file = await open(path, 'r');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const problem = code === 'ENOENT' ? `there is no file ${path}` : message;
    throw missing(problem, `write the secret into ${path}, and: chmod 600 ${path}`, error);
  }
  try {
    const stat = await file.stat();
    if (!stat.isFile()) throw missing(`${path} is not a file`, 'name a file after file:');
    if ((stat.mode & 0o077) !== 0) {
      const mode = (stat.mode & 0o777).toString(8).padStart(4, '0');
      throw missing(`${path} can be read by others (mode ${mode})`, `chmod 600 ${path}`);
    }
    const text = (await file.readFile('utf8')).replace(/\r?\n$/, '');
    if (text === '') throw missing(`${path} is empty`, `write the secret into ${path}`);
    return new SecretText(text);
  } finally {
    await file.close();
  }
}
