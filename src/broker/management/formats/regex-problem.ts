/**
 * A pattern that does not compile, as RabbitMQ answers it: the name of the refusal, the pattern, and the
 * description with its place. Texts that Erlang keeps as lists are shown as the numbers of their characters.
 */
import type { OperationRefused } from '../../core/metadata/operation.js';

export function regexProblem(refused: OperationRefused, topic: boolean): unknown {
  const pattern = String(refused.details.pattern ?? '');
  const said = /: ([^:]*)$/.exec(refused.message)?.[1] ?? refused.message;
  return ['invalid_regexp', topic ? pattern : codes(pattern), [codes(said), pattern.length]];
}

const codes = (text: string) => [...text].map((character) => character.codePointAt(0));
