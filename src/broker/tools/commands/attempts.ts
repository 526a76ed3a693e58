/** Attempts to authenticate on a node, as it counts them by protocol; RabbitMQ's count by source is off unless it is switched on. */
import { type Command, nothing, type Outcome, value } from '../command.js';

const columns = ['protocol', 'auth_attempts', 'auth_attempts_failed', 'auth_attempts_succeeded'] as const;

const list: Command = {
  usage: '[--by-source] [--timeout <timeout>]',
  operands: [0, 0],
  options: { 'by-source': 'flag' },
  requires: 'running app',
  formatter: 'table',
  banner: ({ node }) => `Listing authentication\n attempts for node "${node}" ...`,
  async run({ options, node, formatter }, session): Promise<Outcome> {
    const counted = options['by-source'] === true ? [] : await session.ask('auth_attempts', { reset: false });
    const rows = counted
      .map(({ protocol, failed, succeeded }) => [protocol, failed + succeeded, failed, succeeded] as const)
      .filter(([, attempts]) => attempts > 0);
    if (formatter === 'json') {
      const attempts = rows.map((row) => Object.fromEntries(columns.map((name, i) => [name, row[i]])));
      return value('', { attempts, node, result: 'ok' });
    }
    if (rows.length === 0) return value(`Node ${node} reported no authentication attempt stats`);
    return { kind: 'rows', columns, rows };
  },
};

const reset: Command = {
  usage: '',
  operands: [0, 0],
  requires: 'running app',
  banner: ({ node }) => `Reset auth attempt metrics on node ${node} ...`,
  async run(_invocation, session) {
    await session.ask('auth_attempts', { reset: true });
    return nothing;
  },
};

export const attemptCommands: Record<string, Command> = {
  list_node_auth_attempt_stats: list,
  reset_node_auth_attempt_metrics: reset,
};
