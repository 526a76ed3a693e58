/**
 * What was confirmed against what was read. Lost: confirmed and not read. Duplicated:
 * read twice. Out of order: first read after a higher number was.
 */
export function compare(confirmed, read) {
  const seen = new Set();
  const duplicated = [];
  let highest = -1;
  let reordered = 0;
  for (const number of read) {
    if (seen.has(number)) {
      duplicated.push(number);
      continue;
    }
    seen.add(number);
    if (number < highest) reordered += 1;
    highest = Math.max(highest, number);
  }
  return { lost: confirmed.filter((number) => !seen.has(number)), duplicated, reordered };
}
