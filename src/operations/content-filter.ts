/** Messages by what is in them: a header that is there, or whose value matches, and the text of the body. */
export interface ContentFilter {
  readonly header?: { readonly name: string; readonly value?: RegExp | undefined } | undefined;
  readonly body?: RegExp | undefined;
}

interface Content {
  readonly properties: Readonly<Record<string, unknown>>;
  readonly body: Buffer;
}

export function contentMatches({ header, body }: ContentFilter, message: Content): boolean {
  if (body && !body.test(message.body.toString())) return false;
  if (header === undefined) return true;
  const headers = (message.properties.headers ?? {}) as Record<string, unknown>;
  if (!Object.hasOwn(headers, header.name)) return false;
  const value = headers[header.name];
  return header.value?.test(typeof value === 'string' ? value : JSON.stringify(value)) ?? true;
}
