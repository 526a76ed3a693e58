import { WarrenError } from '../../errors/warren-error.js';
import type { Transport } from '../transport/transport.js';

const socket = '/run/haproxy/admin.sock';
const patienceMs = 5_000;

/** A server as a running HAProxy sees it. */
export interface RunningServer {
  readonly proxy: string;
  readonly server: string;
  /** UP, DOWN, DRAIN, MAINT, `no check`, or on the way (`UP 1/2`). */
  readonly status: string;
  readonly backup: boolean;
  readonly sessions: number;
  /** What the last check met: `L7OK`, `L4TOUT` … */
  readonly check: string;
}

/**
 * What HAProxy answers on its runtime socket. curl, which Keepalived's check
 * needs anyway, brings the words there as they are.
 */
export async function askHaproxy(
  transport: Transport,
  command: string,
  signal?: AbortSignal,
): Promise<string> {
  const args = ['--silent', '--show-error', '--max-time', '3', '--unix-socket', socket, 'telnet://haproxy'];
  const { status, stdout, stderr } = await transport.run('curl', args, {
    input: `${command}\n`,
    timeoutMs: patienceMs,
    ...(signal ? { signal } : {}),
  });
  if (status === 0) return stdout;
  const facts = { tool: `HAProxy's socket ${socket}`, status, output: stderr };
  throw WarrenError.of('TOOL_FAILED', facts, { where: transport.host });
}

export async function runningServers(transport: Transport, signal?: AbortSignal): Promise<RunningServer[]> {
  return parseServers(await askHaproxy(transport, 'show stat', signal));
}

/** The rows of servers among the comma-separated statistics; their columns go by name. */
export function parseServers(statistics: string): RunningServer[] {
  const [head = '', ...rows] = statistics.trim().split('\n');
  const names = head.replace(/^# /, '').split(',');
  const column = (cells: readonly string[], name: string) => cells[names.indexOf(name)] ?? '';
  return rows
    .map((row) => row.split(','))
    .filter((cells) => column(cells, 'type') === '2')
    .map((cells) => ({
      proxy: column(cells, 'pxname'),
      server: column(cells, 'svname'),
      status: column(cells, 'status'),
      backup: column(cells, 'bck') === '1',
      sessions: Number(column(cells, 'scur')) || 0,
      check: column(cells, 'check_status').replace(/^\* /, ''),
    }));
}

/** `drain`: no new connections; `maint`: none at all, and no checks; `ready`: as its check says. */
export async function setServerState(
  transport: Transport,
  server: { readonly proxy: string; readonly server: string },
  state: 'ready' | 'drain' | 'maint',
  signal?: AbortSignal,
): Promise<void> {
  const command = `set server ${server.proxy}/${server.server} state ${state}`;
  const answer = (await askHaproxy(transport, command, signal)).trim();
  if (answer === '') return;
  throw WarrenError.of(
    'TOOL_FAILED',
    { tool: command, status: 1, output: answer },
    { where: transport.host },
  );
}
