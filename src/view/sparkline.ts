const bars = '▁▂▃▄▅▆▇█';

/** Values as a row of bars, from nought to the greatest of them; what is unknown is a gap. */
export function sparkline(values: readonly (number | undefined)[], width: number): string {
  const shown = values.slice(-width);
  const most = Math.max(0, ...shown.map((value) => value ?? 0));
  return shown
    .map((value) => {
      if (value === undefined) return ' ';
      return bars[most === 0 ? 0 : Math.min(bars.length - 1, Math.round((value / most) * (bars.length - 1)))];
    })
    .join('');
}
