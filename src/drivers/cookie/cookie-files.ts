import { WarrenError } from '../../errors/warren-error.js';
import type { Transport } from '../transport/transport.js';

/**
 * The Erlang cookies of a host: RabbitMQ's own, and those in the homes of root
 * and of the user who logs in, by which tools reach the node. A cookie is told
 * by its hash only, and what a running node has in its memory, too: that one
 * decides whom it talks to, whatever the file says by now.
 */
export interface CookieFile {
  readonly path: string;
  readonly owner: string;
  readonly mode: number;
  readonly sha256: string;
}

export const rabbitmqCookie = '/var/lib/rabbitmq/.erlang.cookie';

const script = `
{ echo /var/lib/rabbitmq; getent passwd root "$1" | cut -d : -f 6; } | sort -u | while read -r home; do
  file=$home/.erlang.cookie
  [ -f "$file" ] || continue
  sum=$(tr -d '\\n' <"$file" | sha256sum)
  printf '%s %s %s\\n' "$(stat -L -c '%U %a' "$file")" "\${sum%% *}" "$file"
done`;

export async function cookieFiles(
  transport: Transport,
  user: string,
  signal: AbortSignal,
): Promise<CookieFile[]> {
  const options = { signal, readOnly: true, timeoutMs: 30_000 };
  const { status, stdout, stderr } = await transport.run(
    'sh',
    ['-c', script, 'warren-cookie', user],
    options,
  );
  if (status !== 0) {
    const facts = { tool: 'looking for cookies', status, output: stderr };
    throw WarrenError.of('TOOL_FAILED', facts, { where: transport.host });
  }
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [, owner = '', mode = '', sha256 = '', path = ''] = /^(\S+) (\d+) (\S+) (.+)$/.exec(line) ?? [];
      return { path, owner, mode: Number.parseInt(mode, 8), sha256 };
    });
}

const hashInMemory =
  'lists:flatten([io_lib:format("~2.16.0b", [X]) || <<X>> <= crypto:hash(sha256, atom_to_list(erlang:get_cookie()))]).';

/** The hash of the cookie that a running node uses; nothing when it does not let its own tool in. */
export async function cookieInMemory(transport: Transport, signal: AbortSignal): Promise<string | undefined> {
  const options = { signal, readOnly: true, timeoutMs: 30_000 };
  const { status, stdout } = await transport.run('rabbitmqctl', ['eval', hashInMemory, '--quiet'], options);
  return status === 0 ? /[0-9a-f]{64}/.exec(stdout)?.[0] : undefined;
}

/**
 * Has a running node read its new cookie from the file beside the old one, use it
 * from now on, and give the file its name. Its connections to other nodes, to
 * clients and to its tools stay: a cookie is only asked for when one begins.
 */
const takeOver = `begin F = "${rabbitmqCookie}", N = F ++ ".next", {ok, B} = file:read_file(N), true = erlang:set_cookie(node(), binary_to_atom(string:trim(B), utf8)), ok = file:rename(N, F) end.`;

export const nextCookie = `${rabbitmqCookie}.next`;

export async function takeOverCookie(transport: Transport, signal: AbortSignal): Promise<void> {
  const options = { signal, timeoutMs: 60_000 };
  const { status, stdout, stderr } = await transport.run(
    'rabbitmqctl',
    ['eval', takeOver, '--quiet'],
    options,
  );
  if (status === 0 && /^ok/m.test(stdout)) return;
  const facts = { tool: 'rabbitmqctl eval (the new cookie)', status, output: stderr.trim() || stdout.trim() };
  throw WarrenError.of('TOOL_FAILED', facts, { where: transport.host });
}
