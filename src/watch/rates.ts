/** A counter, or a gauge, as it stood at a moment. */
export interface Reading {
  readonly at: number;
  readonly count: number | undefined;
}

/** How fast a gauge moved between two moments, a second; downwards is less than nothing. */
export function slope(before: Reading | undefined, now: Reading): number | undefined {
  if (before?.count === undefined || now.count === undefined || now.at <= before.at) return undefined;
  return ((now.count - before.count) * 1000) / (now.at - before.at);
}

/** How fast a counter counted; one that fell was set back by a restart, and tells nothing then. */
export function counted(before: Reading | undefined, now: Reading): number | undefined {
  const rate = slope(before, now);
  return rate !== undefined && rate < 0 ? undefined : rate;
}
