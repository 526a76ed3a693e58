import { wordsOf } from '../words.js';

/**
 * A tolerant reader of keepalived.conf: blocks within blocks, each begun by
 * words and `{`, which may stand on the next line. `#` and `!` begin remarks.
 */
export interface Entry {
  readonly line: number;
  readonly words: readonly string[];
  /** What stands between the braces; nothing for a plain setting. */
  readonly entries?: readonly Entry[];
}

type Open = { line: number; words: readonly string[]; entries?: Open[] };

export function parseKeepalived(text: string): Entry[] {
  const root: Open = { line: 0, words: [], entries: [] };
  const stack: Open[] = [root];
  for (const [index, raw] of text.split('\n').entries()) {
    const { words } = wordsOf(raw, '#!');
    let entry: Open | undefined;
    for (const word of words) {
      const here = stack.at(-1)!;
      if (word === '{') {
        const block = entry ?? here.entries!.at(-1) ?? push(here, index + 1, ['']);
        block.entries ??= [];
        stack.push(block);
        entry = undefined;
      } else if (word === '}') {
        if (stack.length > 1) stack.pop();
        entry = undefined;
      } else if (entry) entry.words = [...entry.words, word];
      else entry = push(here, index + 1, [word]);
    }
  }
  return root.entries!;
}

export function blocks(entries: readonly Entry[], kind: string): Entry[] {
  return entries.filter((entry) => entry.words[0] === kind && entry.entries !== undefined);
}

/** The last setting of that name in a block. */
export function settingOf(block: Entry | undefined, name: string): Entry | undefined {
  return block?.entries?.filter(({ words }) => words[0] === name).at(-1);
}

export function numberOf(block: Entry | undefined, name: string): number | undefined {
  const value = settingOf(block, name)?.words[1];
  return value === undefined || Number.isNaN(Number(value)) ? undefined : Number(value);
}

/** The first words of the lines of a block inside: addresses, peers, names of scripts. */
export function listOf(block: Entry, name: string): { line: number; value: string }[] {
  const inside = block.entries?.filter((entry) => entry.words[0] === name) ?? [];
  return inside.flatMap((entry) =>
    (entry.entries ?? []).map(({ line, words }) => ({ line, value: words[0]! })),
  );
}

function push(here: Open, line: number, words: readonly string[]): Open {
  const entry: Open = { line, words };
  here.entries!.push(entry);
  return entry;
}
