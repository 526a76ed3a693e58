/** The words of a line up to its comment; quotes and backslashes as both programs read them. */
export function wordsOf(text: string, comments: string): { words: string[]; comment?: string } {
  const words: string[] = [];
  let word: string | undefined;
  let quote: string | undefined;
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    if (quote) {
      if (char === quote) quote = undefined;
      else if (char === '\\' && quote === '"') word = `${word ?? ''}${text[++at] ?? ''}`;
      else word = `${word ?? ''}${char}`;
    } else if (char === '"' || char === "'") {
      quote = char;
      word ??= '';
    } else if (char === '\\') {
      word = `${word ?? ''}${text[++at] ?? ''}`;
    } else if (comments.includes(char)) {
      if (word !== undefined) words.push(word);
      return { words, comment: text.slice(at + 1).trim() };
    } else if (/\s/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else {
      word = `${word ?? ''}${char}`;
    }
  }
  if (word !== undefined) words.push(word);
  return { words };
}
