import { text } from 'node:stream/consumers';
import * as Flags from '@oclif/core/flags';
import { newSecret, resolveSecret } from '../../cluster-file/resolve-secret.js';
import { parseSecret, type SecretText } from '../../cluster-file/secret.js';
import { WarrenError } from '../../errors/warren-error.js';

/** Where a password comes from; never from the command line itself, which every user of the machine can read. */
export const passwordFlags = {
  password: Flags.string({
    description: 'where the password is: env:NAME, file:PATH, or generate (it is shown once)',
    helpValue: 'env:NAME|file:PATH|generate',
    exclusive: ['password-stdin'],
  }),
  'password-stdin': Flags.boolean({ description: 'read the password from standard input' }),
};

interface PasswordFlags {
  readonly password?: string | undefined;
  readonly 'password-stdin': boolean;
}

export interface GivenPassword {
  readonly value: string;
  readonly generated: boolean;
}

/** The password as the flags say, or asked for twice where somebody can answer. */
export async function passwordOf(flags: PasswordFlags, user: string, asks: boolean): Promise<GivenPassword> {
  if (flags['password-stdin']) {
    return { value: whole((await text(process.stdin)).replace(/\r?\n$/, ''), user), generated: false };
  }
  if (flags.password !== undefined) {
    const generated = flags.password === 'generate';
    return { value: (await referred(flags.password, user)).reveal(), generated };
  }
  if (!asks || !process.stdin.isTTY) throw WarrenError.of('PASSWORD_WANTED', { user });
  return { value: await askTwice(user), generated: false };
}

async function referred(reference: string, user: string): Promise<SecretText> {
  const secret = parseSecret(reference);
  if (!secret) {
    // What was typed may be the password itself, so it is not repeated.
    const problem =
      '--password takes env:NAME, file:PATH or generate, never the password itself: the command line can be read by others';
    throw WarrenError.of('USAGE', { problem, command: 'user add' });
  }
  const sources = { env: process.env, generated: async () => newSecret() };
  return resolveSecret(secret, { key: user, what: `password of user ${user}` }, sources);
}

async function askTwice(user: string): Promise<string> {
  const { password } = await import('@inquirer/prompts');
  const ask = (message: string) => password({ message, mask: true }, { output: process.stderr });
  const first = whole(await ask(`Password of user ${user}`), user);
  if ((await ask('Once more')) === first) return first;
  throw WarrenError.of('USAGE', { problem: 'the two passwords differ', command: 'user add' });
}

function whole(password: string, user: string): string {
  if (password !== '') return password;
  throw WarrenError.of('USAGE', { problem: `the password of user ${user} is empty`, command: 'user add' });
}
