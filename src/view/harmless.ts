/**
 * Clients decide what stands in names and messages: nothing of it moves the cursor, turns the direction of
 * writing, or passes for a line of ours.
 */
const moving = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;

/** Of one line: its ends are shown, too. */
export function harmless(value: unknown): string {
  return String(value).replace(moving, escaped);
}

/** Of several lines: their ends stay, and tabs. */
export function visible(text: string): string {
  return text.replace(moving, (sign) => (sign === '\n' || sign === '\t' ? sign : escaped(sign)));
}

function escaped(sign: string): string {
  return `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
