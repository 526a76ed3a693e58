/**
 * What clients sent, as it stands in the log: of one line, so that it passes for none of ours, and nothing in it
 * that a terminal obeys.
 */
export function logged(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu, (sign) => {
    return `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
