import { table } from './table.js';

interface CookieRows {
  readonly cluster: string;
  readonly cookies: readonly {
    readonly host: string;
    readonly place: string;
    readonly owner?: string;
    readonly mode?: string;
    readonly sha256: string;
  }[];
  readonly problems: readonly string[];
}

/** Hashes are told by their beginnings: enough to compare, useless for anything else. */
export function cookieText({ cluster, cookies, problems }: CookieRows): string {
  const rows = cookies.map(({ host, place, owner, mode, sha256 }) => [
    host,
    place === 'memory' ? 'the running node' : place,
    owner ?? null,
    mode ?? null,
    sha256 === '' ? null : sha256.slice(0, 12),
  ]);
  const said =
    problems.length === 0
      ? ['All nodes have the same cookie.']
      : ['Amiss:', ...problems.map((problem) => `  ${problem}`), '  next: warren cookie distribute'];
  return [`Cluster ${cluster}`, table(['HOST', 'WHERE', 'OWNER', 'MODE', 'SHA-256'], rows), '', ...said].join(
    '\n',
  );
}
