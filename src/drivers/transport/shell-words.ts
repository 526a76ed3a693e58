/**
 * One word for a POSIX shell that reads it as exactly this text. Between single
 * quotes nothing has a meaning but the quote itself; NUL cannot be in a word.
 */
export function shellWord(text: string): string {
  if (text.includes('\0')) throw new TypeError('a word of a command cannot hold a NUL character');
  return /^[A-Za-z0-9_/.,:+@-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

export function shellWords(words: readonly string[]): string {
  return words.map(shellWord).join(' ');
}
