import { wordsOf } from '../words.js';

/**
 * A tolerant reader of haproxy.cfg: sections of lines of words. What it does
 * not know it keeps as it is, since the rules look for what they know.
 */
export interface Line {
  readonly line: number;
  readonly words: readonly string[];
}

interface Comment {
  readonly line: number;
  readonly text: string;
}

export interface Section {
  readonly kind: string;
  readonly name: string;
  readonly line: number;
  readonly lines: readonly Line[];
  readonly comments: readonly Comment[];
  /** The `defaults` that it takes its settings from. */
  readonly base?: Section | undefined;
}

const kinds = new Set([
  ...['global', 'defaults', 'listen', 'frontend', 'backend', 'userlist', 'peers', 'resolvers', 'mailers'],
  ...['program', 'cache', 'ring', 'http-errors', 'fcgi-app', 'log-forward'],
]);

export function parseHaproxy(text: string): Section[] {
  const sections: { -readonly [Key in keyof Section]: Section[Key] }[] = [];
  let waiting: Comment[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const { words, comment } = wordsOf(raw, '#');
    const line = index + 1;
    if (comment !== undefined) waiting.push({ line, text: comment });
    const [first] = words;
    if (first === undefined) continue;
    if (kinds.has(first)) {
      const base = baseOf(sections, first, words);
      sections.push({ kind: first, name: words[1] ?? '', line, lines: [], comments: [], base });
    } else if (sections.length > 0) {
      const here = sections.at(-1)!;
      here.lines = [...here.lines, { line, words }];
    }
    const here = sections.at(-1);
    if (here) here.comments = [...here.comments, ...waiting];
    waiting = [];
  }
  return sections;
}

/** `from NAME`, or the last `defaults` above. */
function baseOf(sections: readonly Section[], kind: string, words: readonly string[]): Section | undefined {
  if (!['listen', 'frontend', 'backend', 'defaults'].includes(kind)) return undefined;
  const from = words.indexOf('from');
  const above = sections.filter((section) => section.kind === 'defaults');
  if (from >= 0) return above.find(({ name }) => name === words[from + 1]);
  return kind === 'defaults' ? undefined : above.at(-1);
}

/** The lines of a section that begin with these words. */
export function linesOf({ lines }: Section, start: string): Line[] {
  const wanted = start.split(' ');
  return lines.filter(({ words }) => wanted.every((word, at) => words[at] === word));
}

/** The last of them, here or in the defaults. */
export function setting(section: Section | undefined, start: string): Line | undefined {
  if (!section) return undefined;
  return linesOf(section, start).at(-1) ?? setting(section.base, start);
}

/** The word that follows a word: `fall` of `server a 192.0.2.1:5672 check fall 3` is `3`. */
export function after({ words }: Line, word: string): string | undefined {
  const at = words.indexOf(word);
  return at < 0 ? undefined : words[at + 1];
}

/** `option x`, unless it is taken back by `no option x`. */
export function hasOption(section: Section, option: string): boolean {
  if (linesOf(section, `no option ${option}`).length > 0) return false;
  if (linesOf(section, `option ${option}`).length > 0) return true;
  return section.base !== undefined && hasOption(section.base, option);
}

export function modeOf(section: Section): string {
  return setting(section, 'mode')?.words[1] ?? 'tcp';
}
