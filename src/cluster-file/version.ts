/** Whether a version (`3.10.8`, `3.10.8-1.1+deb12u4`, `4.1`) is at least another. */
export function atLeast(version: string, other: string): boolean {
  const [left, right] = [partsOf(version), partsOf(other)];
  for (let i = 0; i < 3; i++) {
    if (left[i] !== right[i]) return left[i]! > right[i]!;
  }
  return true;
}

function partsOf(version: string): number[] {
  const parts = version.split('.', 3).map((part) => Number.parseInt(part, 10) || 0);
  return [...parts, 0, 0].slice(0, 3);
}
