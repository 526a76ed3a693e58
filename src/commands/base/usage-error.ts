import { nearest } from '../../errors/suggestion.js';
import { WarrenError } from '../../errors/warren-error.js';

/** The parser's errors, and those of its flags, are oclif's own kind; none of Warren's are. */
interface ParserError extends Error {
  readonly oclif?: unknown;
  readonly parse?: { readonly input?: { readonly flags?: Record<string, unknown> } };
  readonly flags?: readonly string[];
}

/** An error of the parser as one of Warren's (64), with the flag that was probably meant. */
export function usageError(error: Error, command: string): WarrenError | undefined {
  const { oclif, parse, flags } = error as ParserError;
  if (!oclif) return undefined;
  const problem = error.message.replace(/\n?See more help with --help\s*$/, '').trim();
  const unknown = error.constructor.name === 'NonExistentFlagsError' ? flags?.[0] : undefined;
  const known = Object.keys(parse?.input?.flags ?? {}).map((name) => `--${name}`);
  const near = unknown === undefined ? undefined : nearest(unknown, known);
  const why = near ? `did you mean ${near}?` : undefined;
  return WarrenError.of('USAGE', { problem, command }, { why, cause: error });
}
