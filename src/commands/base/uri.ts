import { resolveSecret } from '../../cluster-file/resolve-secret.js';
import { parseSecret } from '../../cluster-file/secret.js';
import { WarrenError } from '../../errors/warren-error.js';

/** An AMQP URI as it stands, or where it is to be found; one with a password never stands on the command line. */
export async function uriOf(text: string, flag: string): Promise<string> {
  const secret = parseSecret(text);
  if (secret && secret.from !== 'generate') {
    const generated = async (): Promise<never> => {
      throw new TypeError('a URI is not generated');
    };
    const found = await resolveSecret(
      secret,
      { key: flag, what: `the URI of ${flag}` },
      { env: process.env, generated },
    );
    return found.reveal();
  }
  if (!/^amqps?:\/\//.test(text)) {
    const problem = `${flag} takes an AMQP URI (amqp://user@host), env:NAME or file:PATH`;
    throw WarrenError.of('USAGE', { problem, command: '' });
  }
  if (!/^\w+:\/\/[^/@]*:[^/@]*@/.test(text)) return text;
  const problem = `${flag} holds a password, and the command line can be read by others: give env:NAME or file:PATH`;
  throw WarrenError.of('USAGE', { problem, command: '' });
}
