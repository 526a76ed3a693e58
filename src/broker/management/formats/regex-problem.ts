/**
 * A pattern that does not compile, as RabbitMQ answers it: the name of the refusal, the pattern, and Erlang's
 * description, a text that JSON shows as the numbers of its characters, with the place of the mistake.
 */
import type { OperationRefused } from '../../core/metadata/operation.js';

export function regexProblem(refused: OperationRefused): unknown {
  const pattern = String(refused.details.pattern ?? '');
  const said = /: ([^:]*)$/.exec(refused.message)?.[1] ?? refused.message;
  return ['invalid_regexp', pattern, [[...said].map((character) => character.codePointAt(0)), pattern.length]];
}
