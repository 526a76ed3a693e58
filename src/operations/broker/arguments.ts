import { WarrenError } from '../../errors/warren-error.js';

/**
 * `KEY=VALUE` as arguments of a queue, an exchange, a binding or a policy. What reads
 * as JSON (numbers, true, false, lists, tables, "quoted") is that; anything else is text.
 */
export function argumentsOf(pairs: readonly string[], flag = '--argument'): Record<string, unknown> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      if (at > 0) return [pair.slice(0, at), jsonOr(pair.slice(at + 1))];
      throw WarrenError.of('USAGE', { problem: `${flag} ${pair} is not KEY=VALUE`, command: '' });
    }),
  );
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
