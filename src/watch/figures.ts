/** Figures as people read them. */
export function bytes(count: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  const power = Math.min(
    units.length - 1,
    Math.max(0, Math.floor(Math.log10(Math.max(1, Math.abs(count))) / 3)),
  );
  const value = count / 1000 ** power;
  return `${value >= 100 || power === 0 ? Math.round(value) : value.toFixed(1)} ${units[power]}`;
}

export function percent(part: number): string {
  return `${Math.round(part)} %`;
}

/** A rate a second: small ones keep a digit, so that something is told apart from nothing. */
export function rate(perSecond: number): string {
  const size = Math.abs(perSecond);
  return `${size >= 10 || size === 0 ? Math.round(perSecond) : perSecond.toFixed(1)}/s`;
}

/** The two largest units of a time: `2 d 3 h`, `4 min 10 s`. */
export function span(ms: number): string {
  const units = [
    [86_400, 'd'],
    [3600, 'h'],
    [60, 'min'],
    [1, 's'],
  ] as const;
  let rest = Math.round(ms / 1000);
  const parts: string[] = [];
  for (const [seconds, unit] of units) {
    const count = Math.floor(rest / seconds);
    if (count > 0 || parts.length > 0) parts.push(`${count} ${unit}`);
    rest -= count * seconds;
    if (parts.length === 2) break;
  }
  return parts.filter((part) => !part.startsWith('0 ')).join(' ') || '0 s';
}
