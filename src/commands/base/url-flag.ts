import * as Flags from '@oclif/core/flags';

/** Any management API, in the place of a cluster; `urlOf` makes of it what is meant. */
export const urlFlag = Flags.string({
  description:
    'any management API, instead of a cluster (default: WARREN_URL; a password left out: WARREN_PASSWORD)',
  helpValue: 'http://user@host:15672',
  exclusive: ['cluster'],
});

/** Asks for the password that a URL lacks; nothing where nobody can answer. */
export function passwordAsker(json: boolean): { askPassword?: (user: string) => Promise<string> } {
  return json || !process.stdin.isTTY ? {} : { askPassword };
}

async function askPassword(user: string): Promise<string> {
  const { password } = await import('@inquirer/prompts');
  return password({ message: `Password of user ${user}`, mask: true }, { output: process.stderr });
}
