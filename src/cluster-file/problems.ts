import { type Document, isMap, isScalar } from 'yaml';
import type { z } from 'zod';
import { clusterFileSchema } from './schema.js';

/** An error of the schema, with the place in the text that it is about. */
export interface Problem {
  readonly message: string;
  readonly offset: number;
  readonly unknownKey?: string;
  readonly knownKeys: readonly string[];
}

type Issue = z.core.$ZodIssue;

/** In the order of the text, so that the first is the one a reader meets first. */
export function problemsOf(issues: readonly Issue[], document: Document): Problem[] {
  return issues.map((issue) => problemOf(issue, document)).sort((left, right) => left.offset - right.offset);
}

function problemOf(issue: Issue, document: Document): Problem {
  const within = deepest(issue);
  const path = within.path.map(String);
  const where = path.join('.') || 'the file';
  if (within.code === 'unrecognized_keys') {
    const key = within.keys[0]!;
    const known = keysAt(within.path);
    const message = `unknown key '${key}' in ${where}${known.length > 0 ? ` (known: ${known.join(', ')})` : ''}`;
    return { message, offset: keyOffset(document, within.path, key), unknownKey: key, knownKeys: known };
  }
  return {
    message: `${where}: ${within.message}`,
    offset: valueOffset(document, within.path),
    knownKeys: [],
  };
}

/** Of a union's failures, the one that went furthest into the value is what the writer meant. */
function deepest(issue: Issue): Issue {
  if (issue.code !== 'invalid_union') return issue;
  const inner = issue.errors.flat().map((one) => ({ ...one, path: [...issue.path, ...one.path] }) as Issue);
  const longest = inner.reduce<Issue | undefined>(
    (best, one) => (!best || one.path.length > best.path.length ? one : best),
    undefined,
  );
  return longest && longest.path.length > issue.path.length ? longest : issue;
}

function valueOffset(document: Document, path: readonly PropertyKey[]): number {
  for (let depth = path.length; depth >= 0; depth--) {
    const node = document.getIn(path.slice(0, depth), true) as
      | { range?: [number, number, number] }
      | undefined;
    if (node?.range) return node.range[0];
  }
  return 0;
}

function keyOffset(document: Document, path: readonly PropertyKey[], key: string): number {
  const map = path.length === 0 ? document.contents : document.getIn(path, true);
  if (!isMap(map)) return valueOffset(document, path);
  const pair = map.items.find((item) => isScalar(item.key) && String(item.key.value) === key);
  return (isScalar(pair?.key) && pair.key.range?.[0]) || valueOffset(document, path);
}

/** The keys that the schema allows at a path; numbers in the path are places in a list. */
function keysAt(path: readonly PropertyKey[]): string[] {
  let here: unknown = clusterFileSchema;
  for (const step of path) here = typeof step === 'number' ? itemOf(here) : shapeOf(here)?.[String(step)];
  return Object.keys(shapeOf(here) ?? {});
}

interface Definition {
  readonly type?: string;
  readonly innerType?: unknown;
  readonly element?: unknown;
  readonly options?: readonly unknown[];
  readonly shape?: Record<string, unknown>;
}

function definitionOf(schema: unknown): Definition {
  let definition = (schema as { def?: Definition } | undefined)?.def ?? {};
  while (definition.innerType) definition = (definition.innerType as { def: Definition }).def;
  return definition;
}

function shapeOf(schema: unknown): Record<string, unknown> | undefined {
  return definitionOf(schema).shape;
}

function itemOf(schema: unknown): unknown {
  const definition = definitionOf(schema);
  if (definition.element) return definition.element;
  return definition.options?.map(itemOf).find((item) => item !== undefined);
}
