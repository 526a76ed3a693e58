import { harmless } from './harmless.js';

interface DriftRows {
  readonly missing: readonly string[];
  readonly extra: readonly string[];
  readonly changed: readonly { readonly object: string; readonly fields: readonly string[] }[];
}

/** What differs, a line each: `-` is of the file only, `+` of the broker only, `~` of both and not the same. */
export function driftText({ missing, extra, changed }: DriftRows, file: string): string {
  const lines = [
    ...missing.map((object) => `- ${object}`),
    ...extra.map((object) => `+ ${object}`),
    ...changed.map(({ object, fields }) => `~ ${object}: ${fields.join(', ')}`),
  ];
  if (lines.length === 0) return `The cluster is as ${file} says.`;
  return [...lines.map(harmless), '', `-: only in ${file}. +: only in the cluster. ~: differs.`].join('\n');
}
