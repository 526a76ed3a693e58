import { table } from './table.js';

interface Program {
  readonly active: string;
  readonly version: string;
}

export interface FrontEndRows {
  readonly cluster: string;
  readonly balancers: readonly {
    readonly host: string;
    readonly problem?: string | undefined;
    readonly haproxy?: Program | undefined;
    readonly keepalived?: Program | undefined;
    readonly servers: readonly {
      readonly server: string;
      readonly status: string;
      readonly sessions: number;
    }[];
    readonly holds: readonly string[];
  }[];
  readonly addresses: readonly { readonly address: string; readonly holders: readonly string[] }[];
}

/** Each balancer's own view side by side; then what they should agree on and do not. */
export function lbStatusText({ cluster, balancers, addresses }: FrontEndRows): string {
  const rows = balancers.map(({ host, problem, haproxy, keepalived, servers, holds }) => [
    host,
    program(haproxy),
    program(keepalived),
    problem ?? servers.map(({ server, status, sessions }) => `${server} ${status} (${sessions})`).join(', '),
    holds.length > 0 ? holds.join(' ') : null,
  ]);
  const view = table(['BALANCER', 'HAPROXY', 'KEEPALIVED', 'BROKERS (CONNECTIONS)', 'HOLDS'], rows);
  const wrong = addresses
    .filter(({ holders }) => holders.length !== 1)
    .map(({ address, holders }) =>
      holders.length === 0
        ? `Nobody holds ${address}.`
        : `${holders.join(' and ')} hold ${address} at the same time.`,
    );
  return [`Front end of cluster ${cluster}`, view, ...wrong].join('\n');
}

function program(seen: Program | undefined): string | null {
  return seen ? `${seen.active}${seen.version ? ` ${seen.version}` : ''}` : null;
}
