/** The certificates of a node's listeners, as they are in their files. */
import { readFileSync } from 'node:fs';
import { type Command, value } from '../command.js';
import { erlangAtom } from '../formatters/erlang.js';
import { listenerJson } from '../listener-lines.js';

const certificates: Command = {
  usage: '[--timeout <timeout>]',
  operands: [0, 0],
  timeout: 60,
  requires: 'running app',
  banner: ({ node }) => `Certificates of node ${node} ...`,
  async run({ node }, session) {
    const { listeners } = await session.ask('facts', {});
    const found = listeners.flatMap((listener) => {
      if (listener.tls === undefined) return [];
      const { cacertfile, certfile } = listener.tls;
      const files = { cacertfile: textOf(cacertfile), certfile: textOf(certfile) };
      return [{ ...files, ...listenerJson(node, listener) }];
    });
    return value(`[${found.map(erlangMap).join(',\n ')}]`, found);
  },
};

function textOf(file: string | null): string {
  if (file === null) return '';
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    return (error as Error).message;
  }
}

/** Keys in order, one a line. */
function erlangMap(map: Record<string, unknown>): string {
  const term = (key: string) => {
    if (key === 'port') return String(map[key]);
    return key === 'node' || key === 'protocol'
      ? erlangAtom(String(map[key]))
      : `<<${JSON.stringify(map[key])}>>`;
  };
  const keys = Object.keys(map).sort();
  return `#{${keys.map((key) => `${key} => ${term(key)}`).join(',\n   ')}}`;
}

export const certificateCommands: Record<string, Command> = { certificates };
