/** One request to a management API over a connection that is kept, and its answer as it came. */
import http from 'node:http';

export interface Who {
  user: string;
  password: string;
}

export interface Asked {
  method: string;
  path: string;
  /** null: without credentials. */
  who: Who | null;
  body?: string;
  headers?: Record<string, string>;
}

export interface Answer {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: string;
}

const agent = new http.Agent({ keepAlive: true, maxSockets: 8 });

export function request(port: number, { method, path, who, body, headers = {} }: Asked): Promise<Answer> {
  const all: Record<string, string | number> = { ...headers };
  if (who !== null) {
    all.authorization = `Basic ${Buffer.from(`${who.user}:${who.password}`).toString('base64')}`;
  }
  if (body !== undefined) {
    all['content-type'] ??= 'application/json';
    all['content-length'] = Buffer.byteLength(body);
  } else if (method === 'PUT' || method === 'POST') {
    all['content-length'] = 0;
  }
  return new Promise((resolve, reject) => {
    const outgoing = http.request(
      { port, host: '127.0.0.1', method, path, headers: all, agent },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString(),
          }),
        );
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
