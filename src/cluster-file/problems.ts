import type { z } from 'zod';
import { nearest } from '../errors/suggestion.js';
import { keysAt, variantsAt } from './schema-walk.js';
import type { Finding, Path, Problem, Text } from './text.js';

type Issue = z.core.$ZodIssue;

/** The schema's complaints in sentences, each with its place in the text. */
export function problemsOf(issues: readonly Issue[], text: Text, schema: unknown): Problem[] {
  return issues
    .flatMap((issue) => findingsOf(meant(issue), text, schema))
    .map((finding) => text.problem(finding));
}

function findingsOf(issue: Issue, text: Text, schema: unknown): Finding[] {
  const path = issue.path as Path;
  const where = path.join('.') || 'the file';
  const value = text.at(path);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey(schema, path, key));
    case 'invalid_type':
      if (value === undefined && path.length > 0) return [missing(path)];
      return [{ path, ...wrongKind(where, issue.expected, value) }];
    case 'invalid_value':
      if (!/^Invalid (option|input)/.test(issue.message))
        return [{ path, message: `${where}: ${issue.message}` }];
      return [{ path, ...wrongWord(where, issue.values.map(String), value) }];
    case 'invalid_union': {
      if (issue.discriminator !== undefined) {
        const known = variantsAt(schema, path.slice(0, -1), issue.discriminator);
        return [{ path, ...wrongWord(where, known, value) }];
      }
      const kinds = issue.errors.flat().flatMap((one) => (one.code === 'invalid_type' ? [one.expected] : []));
      return [{ path, ...wrongKind(where, [...new Set(kinds)].map(kindOf).join(' or '), value) }];
    }
    case 'invalid_key':
      return [{ path, key: true, message: `${where}: ${issue.issues[0]?.message ?? issue.message}` }];
    case 'too_small':
    case 'too_big':
      return [{ path, message: `${where}: ${bound(issue)}` }];
    default:
      return [{ path, message: `${where}: ${issue.message}` }];
  }
}

/** Of a union's failures, the one that the writer most likely meant. */
function meant(issue: Issue): Issue {
  if (issue.code !== 'invalid_union' || issue.discriminator !== undefined) return issue;
  const inner = issue.errors
    .flat()
    .map((one) => meant({ ...one, path: [...issue.path, ...one.path] } as Issue))
    .filter(({ code, path }) => code !== 'invalid_type' || path.length > issue.path.length);
  // An unknown key is often the reason why another is missing.
  const score = (one: Issue) => (one.code === 'unrecognized_keys' ? 1000 : one.path.length);
  return (
    inner.reduce<Issue | undefined>(
      (best, one) => (best && score(best) >= score(one) ? best : one),
      undefined,
    ) ?? issue
  );
}

function unknownKey(schema: unknown, path: Path, key: string): Finding {
  const known = keysAt(schema, path);
  const near = nearest(key, known);
  return {
    path: [...path, key],
    key: true,
    message: `unknown key '${key}' in ${path.join('.') || 'the file'}${known.length > 0 ? ` (known: ${known.join(', ')})` : ''}`,
    suggestion: near && `did you mean '${near}'?`,
  };
}

function missing(path: Path): Finding {
  const key = String(path.at(-1));
  const parent = path.slice(0, -1);
  return {
    path: parent,
    message: `${parent.join('.') || 'the file'} has no ${key}`,
    suggestion: `write ${key}: … here`,
  };
}

function wrongKind(where: string, expected: string, value: unknown): Pick<Finding, 'message' | 'suggestion'> {
  const wanted = kindOf(expected);
  const message = `${where} must be ${wanted}, and it is ${kindOf(value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value)}`;
  if (expected === 'string' && value !== null && typeof value !== 'object') {
    return { message, suggestion: `put it in quotes: "${String(value)}"` };
  }
  if (expected === 'array' && value !== null) {
    return { message, suggestion: 'put it in brackets, [ … ], or on lines of its own after a dash' };
  }
  return { message };
}

function wrongWord(
  where: string,
  known: readonly string[],
  value: unknown,
): Pick<Finding, 'message' | 'suggestion'> {
  const near = nearest(String(value), known);
  const given = typeof value === 'object' && value !== null ? 'a list or a map' : `'${String(value)}'`;
  return {
    message: `${where} cannot be ${given} (it can be ${known.join(', ')})`,
    ...(near ? { suggestion: `did you mean '${near}'?` } : {}),
  };
}

const kinds: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map of keys',
  record: 'a map of keys',
  null: 'empty',
};

function kindOf(type: string): string {
  return kinds[type] ?? type;
}

/** Where the schema has a sentence of its own, it is told instead. */
function bound(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): string {
  if (!/^Too (small|big)/.test(issue.message)) return issue.message;
  const few = issue.code === 'too_small';
  const limit = String(few ? issue.minimum : issue.maximum);
  if (issue.origin === 'string') {
    return limit === '1' ? 'must not be empty' : `has ${few ? 'less' : 'more'} than ${limit} characters`;
  }
  if (issue.origin === 'array') return `has ${few ? 'less' : 'more'} than ${limit} entries`;
  return `must be ${few ? 'at least' : 'at most'} ${limit}`;
}
