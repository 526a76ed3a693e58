/** Sets of positions as sorted pairs (first, last): what a queue holds is mostly a few long runs. */
export type Ranges = number[];

/** Of positions in ascending order. */
export function rangesOf(positions: Iterable<number>): Ranges {
  const ranges: Ranges = [];
  for (const position of positions) {
    if (ranges.length > 0 && ranges[ranges.length - 1] === position - 1) ranges[ranges.length - 1] = position;
    else ranges.push(position, position);
  }
  return ranges;
}

/** What is in `ranges` and not in `others`. */
export function without(ranges: Ranges, others: Ranges): Ranges {
  const left: Ranges = [];
  let other = 0;
  for (let at = 0; at < ranges.length; at += 2) {
    let first = ranges[at] as number;
    const last = ranges[at + 1] as number;
    while (other < others.length && (others[other + 1] as number) < first) other += 2;
    for (let cut = other; cut < others.length && (others[cut] as number) <= last; cut += 2) {
      if ((others[cut] as number) > first) left.push(first, (others[cut] as number) - 1);
      first = (others[cut + 1] as number) + 1;
    }
    if (first <= last) left.push(first, last);
  }
  return left;
}

export function includes(ranges: Ranges, position: number): boolean {
  let low = 0;
  let high = ranges.length / 2;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ranges[2 * middle + 1] as number) < position) low = middle + 1;
    else high = middle;
  }
  return 2 * low < ranges.length && (ranges[2 * low] as number) <= position;
}

export function* each(ranges: Ranges): IterableIterator<number> {
  for (let at = 0; at < ranges.length; at += 2) {
    const last = ranges[at + 1] as number;
    for (let position = ranges[at] as number; position <= last; position++) yield position;
  }
}

export function count(ranges: Ranges): number {
  let sum = 0;
  for (let at = 0; at < ranges.length; at += 2) {
    sum += (ranges[at + 1] as number) - (ranges[at] as number) + 1;
  }
  return sum;
}
