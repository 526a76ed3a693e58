import type { z } from 'zod';
import { nearest } from '../errors/suggestion.js';
import { clusterFileSchema } from './schema.js';
import type { Path, Problem, Text } from './text.js';

type Issue = z.core.$ZodIssue;

/** The schema's complaints in sentences, each with its place in the text. */
export function problemsOf(issues: readonly Issue[], text: Text): Problem[] {
  return issues.flatMap((issue) => problemOf(issue, text));
}

function problemOf(issue: Issue, text: Text): Problem[] {
  const within = deepest(issue);
  const path = within.path as Path;
  const where = path.join('.') || 'the file';
  if (within.code !== 'unrecognized_keys') {
    return [text.problem({ path, message: `${where}: ${within.message}` })];
  }
  const known = keysAt(path);
  return within.keys.map((key) => {
    const near = nearest(key, known);
    return text.problem({
      path: [...path, key],
      key: true,
      message: `unknown key '${key}' in ${where}${known.length > 0 ? ` (known: ${known.join(', ')})` : ''}`,
      suggestion: near && `did you mean '${near}'?`,
    });
  });
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

/** The keys that the schema allows at a path; numbers in the path are places in a list. */
function keysAt(path: Path): string[] {
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
  const { shape, options } = definitionOf(schema);
  return shape ?? options?.map(shapeOf).find((one) => one !== undefined);
}

function itemOf(schema: unknown): unknown {
  const definition = definitionOf(schema);
  if (definition.element) return definition.element;
  return definition.options?.map(itemOf).find((item) => item !== undefined);
}
