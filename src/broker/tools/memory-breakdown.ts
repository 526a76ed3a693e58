/** What the memory of a node is used for, as far as this runtime tells its parts. */
import type { NodeFacts } from '../control/node-control.js';

export const units = { bytes: 1, mb: 1e6, gb: 1e9 } as const;
export type Unit = keyof typeof units;

/** Largest first. */
export function memoryParts({ memory }: NodeFacts): [name: string, bytes: number][] {
  const { rss, heapUsed, heapTotal, external } = memory;
  const parts: [string, number][] = [
    ['heap', heapUsed],
    ['heap_unused', heapTotal - heapUsed],
    ['buffers', external],
    ['code_and_runtime', Math.max(0, rss - heapTotal - external)],
  ];
  return parts.sort((a, b) => b[1] - a[1]);
}

/** Four digits after the point at most, a whole number as `1.0`. */
export function inUnit(bytes: number, unit: Unit): string {
  if (unit === 'bytes') return String(bytes);
  return withPoint(Math.round((bytes / units[unit]) * 1e4) / 1e4);
}

export function share(bytes: number, total: number): number {
  return Math.round((bytes / total) * 1e4) / 100;
}

export function withPoint(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}
