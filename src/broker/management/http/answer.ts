/** One request and its answer, as node:http brings and takes them. */
import type { IncomingHttpHeaders, IncomingMessage, RequestListener, ServerResponse } from 'node:http';

export interface Asked {
  readonly method: string;
  /** Not decoded. */
  readonly path: string;
  /** What follows `?`, not decoded. */
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
  /** Address of the far side. */
  readonly peer: string;
  readonly body: AsyncIterable<Uint8Array>;
}

export interface Answer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Record<string, string>;
  readonly body: string | Uint8Array | null;
}

/** `answerTo` never rejects but where the client has gone. */
export function requestListener(answerTo: (asked: Asked) => Promise<Answer>): RequestListener {
  return (request, response) => {
    answerTo(askedBy(request)).then(
      (answer) => send(response, answer),
      () => response.destroy(),
    );
  };
}

function askedBy(request: IncomingMessage): Asked {
  return {
    ...targetOf(request.url ?? '/'),
    method: request.method ?? 'GET',
    headers: request.headers,
    peer: request.socket.remoteAddress ?? '',
    // Who is refused in the middle of a body still hears why.
    body: { [Symbol.asyncIterator]: () => request.iterator({ destroyOnReturn: false }) },
  };
}

/** `/path?query`, or a whole address where the client takes this for a proxy (RFC 9112, 3.2.2). */
export function targetOf(target: string): { path: string; query: string } {
  const relative = target.replace(/#.*|^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/gi, '');
  const mark = relative.indexOf('?');
  if (mark < 0) return { path: relative, query: '' };
  return { path: relative.slice(0, mark), query: relative.slice(mark + 1) };
}

/** A HEAD's body stays away by itself (node:http), its length is told. */
function send(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, headers);
  response.end(body ?? undefined);
}
