import { shellWord, shellWords } from '../shell-words.js';

/**
 * How a command is handed to a host. The line that sshd gives to the login
 * shell, whichever shell that is, is always the same but for a mark of hex
 * digits: it starts `sh`, through sudo if need be, and that shell reads what it
 * has to run from its standard input. So no word of the command is ever quoted
 * for a shell we do not know, and none stands on a command line before the
 * command itself runs. The shell says its process id first (stderr), and, when
 * all that it read is understood and the command follows, that it goes (both
 * outputs): only then is anything else on standard input, so the shell cannot
 * swallow it.
 */
export interface RemoteCommand {
  readonly file: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** `ask`: sudo asks for its password on stderr, with the mark; `never`: it fails rather than ask. */
export type Elevation = 'none' | 'ask' | 'never';

export function openingLine(mark: string, elevation: Elevation): string {
  const shell = `sh -c 'echo ${mark}:$$>&2;exec sh'`;
  if (elevation === 'none') return `exec ${shell}`;
  return elevation === 'never' ? `exec sudo -n ${shell}` : `exec sudo -S -p ${promptMark(mark)} ${shell}`;
}

export function promptMark(mark: string): string {
  return `${mark}-password`;
}

export function goMark(mark: string): string {
  return `${mark}-go`;
}

/** The process id that the shell told, once it has. */
export function processIn(said: string, mark: string): number | undefined {
  const found = new RegExp(`${mark}:(\\d+)\n`).exec(said);
  return found ? Number(found[1]) : undefined;
}

export function script(mark: string, { file, args, env }: RemoteCommand): string {
  const words = shellWords([file, ...args]);
  const set = Object.entries(env ?? {}).map(([name, value]) => shellWord(`${name}=${value}`));
  const command = env ? ['env -i', ...set, words].join(' ') : words;
  const go = goMark(mark);
  return `echo ${go};echo ${go}>&2;exec ${command}\n`;
}

/**
 * Ends the process group of a command (its shells and sudo with it), and sees
 * that it is gone. A group that is our own, or none, is left alone.
 */
export const endingScript = `
s=$(cat "/proc/$1/stat" 2>/dev/null) || exit 0
set -- \${s##*) }
group=$3
own=$(cat "/proc/$$/stat") && set -- \${own##*) }
[ "$group" -gt 1 ] && [ "$group" != "$3" ] || exit 1
kill -s TERM -- "-$group" 2>/dev/null
i=0
while kill -s 0 -- "-$group" 2>/dev/null; do
  i=$((i + 1))
  [ $i -eq 20 ] && kill -s KILL -- "-$group" 2>/dev/null
  [ $i -ge 40 ] && exit 1
  sleep 0.1
done
`;
