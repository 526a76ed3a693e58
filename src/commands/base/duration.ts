import { WarrenError } from '../../errors/warren-error.js';

const units: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `500ms`, `10s`, `5m`, `2h`, `1d`. */
export function millisecondsOf(text: string): number {
  const [, count, unit] = /^(\d+)(ms|s|m|h|d)$/.exec(text) ?? [];
  if (count !== undefined) return Number(count) * units[unit!]!;
  throw WarrenError.of('USAGE', {
    problem: `'${text}' is no time such as 500ms, 10s, 5m, 2h or 1d`,
    command: '',
  });
}
