import type { YAMLError } from 'yaml';
import type { Problem } from './text.js';

/** What is not YAML, in a sentence of ours where the parser's own helps nobody. */
export function syntaxProblem(error: YAMLError, text: string): Problem {
  const offset = error.pos[0];
  const said = sentences[error.code];
  if (!said) return { message: `this is not YAML: ${error.message}`, offset };
  const { message, suggestion } = said(text.slice(offset).split('\n', 1)[0]!, error.message);
  return { message, suggestion, offset };
}

type Sentence = (rest: string, parserSays: string) => { message: string; suggestion: string };

const sentences: { readonly [code in YAMLError['code']]?: Sentence } = {
  DUPLICATE_KEY: (rest) => ({
    message: `the key '${rest.replace(/:.*/, '').trim()}' stands here for the second time`,
    suggestion: 'put what belongs to it under the first one',
  }),
  TAB_AS_INDENT: () => ({
    message: 'a tab stands where YAML wants spaces',
    suggestion: 'indent with spaces',
  }),
  BAD_INDENT: (_, parserSays) =>
    parserSays.startsWith('Flow')
      ? {
          message: 'a bracket that was opened above is not closed before this line',
          suggestion: 'close it: ] for a list, } for a map',
        }
      : {
          message: 'this line is indented neither as the one above nor as any that it could belong to',
          suggestion: 'let the keys of one block begin in the same column',
        },
  MULTIPLE_DOCS: () => ({
    message: 'a second document begins here, and the file is to be one',
    suggestion: 'take the --- out, or make two files',
  }),
  MISSING_CHAR: (rest) => ({
    message: `a bracket, a quote or a comma is missing${rest ? ` before '${rest.trim().slice(0, 20)}'` : ' before the end'}`,
    suggestion: 'look at where the last bracket or quote was opened',
  }),
};
