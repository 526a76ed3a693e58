/**
 * Plays a scenario (a file of requests, one a line) against a management API and writes down what came back,
 * so that two engines can be compared line by line.
 *
 *   [=] [as user:password | noauth] METHOD /path [body]
 *
 * Bodies are written as shapes (keys and types; an array is the union of its items), those of refusals and
 * after `=` as they are. Node names are written NODE.
 */
import http from 'node:http';

export interface Target {
  port: number;
  /** What to write as NODE1, NODE2 … */
  nodes: string[];
  /** Names of the publisher's connection and channel, in the `live` scenario. */
  connection?: string;
}

interface Answer {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: string;
}

const shownHeaders = ['allow', 'location', 'www-authenticate', 'access-control-allow-origin'];

export async function play(scenario: string, target: Target, recorded = ''): Promise<string> {
  const lines: string[] = [];
  const known = new Map(answersIn(recorded));
  for (const line of scenario.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    lines.push(`> ${line}`, ...excusing(await step(line, target), known.get(line) ?? ''));
  }
  return `${lines.join('\n')}\n`;
}

/**
 * Where RabbitMQ's handler crashed (500, nothing said), the bundled engine must refuse, in whatever words: such
 * an answer is written as RabbitMQ's.
 */
export function excusing(answer: string[], recorded: string): string[] {
  return recorded.startsWith('< 500 -') && /^< 4\d\d application\/json/.test(answer[0] ?? '')
    ? ['< 500 -']
    : answer;
}

/** What RabbitMQ said to each step of a transcript, in order. */
export function answersIn(transcript: string): [request: string, answer: string][] {
  return transcript
    .split(/^> /m)
    .slice(1)
    .map((part) => {
      const [request = '', ...answer] = part.trimEnd().split('\n');
      return [request, answer.join('\n')];
    });
}

export async function step(line: string, target: Target): Promise<string[]> {
  const [, exact, who, method, path, body] =
    /^(= )?(?:(noauth|as \S+) )?([A-Z]+) (\S+)(?: (.*))?$/.exec(fill(line, target)) ?? [];
  if (!method || !path) throw new Error(`not a step: ${line}`);
  const answer = await request(target.port, method, path, body ?? null, who ?? 'as guest:guest');
  const lines = [`< ${answer.status} ${answer.headers['content-type'] ?? '-'}`];
  for (const name of shownHeaders) {
    if (answer.headers[name] !== undefined) lines.push(hide(`  ${name}: ${answer.headers[name]}`, target));
  }
  const text = written(answer, exact !== undefined);
  if (text !== '') lines.push(hide(text, target));
  return lines;
}

function fill(line: string, target: Target): string {
  const connection = target.connection ?? 'none';
  return line
    .replace(/NODE(\d)/g, (_, number) => target.nodes[Number(number) - 1] ?? 'none')
    .replace('CONNECTION1', encodeURIComponent(connection))
    .replace('CHANNEL1', encodeURIComponent(`${connection} (1)`));
}

/** Names of nodes and connections, and the hash in a binding's key, whose algorithm is each engine's own. */
function hide(text: string, target: Target): string {
  const shown = text
    .replace(/~[\w-]{6}(?=["\n]|$)/g, '~HASH')
    .replace(/[\d.]+:\d+ -> [\d.]+:\d+/g, 'CONNECTION');
  return target.nodes.reduce((shown, name, index) => shown.replaceAll(name, `NODE${index + 1}`), shown);
}

function written(answer: Answer, exact: boolean): string {
  if (!answer.headers['content-type']?.startsWith('application/json')) {
    return answer.headers['content-type']?.startsWith('text/html') ? '(a page)' : answer.body;
  }
  let value: unknown;
  try {
    value = JSON.parse(answer.body);
  } catch {
    return answer.body;
  }
  const shown = exact || answer.status >= 400 ? sorted(value) : shape(value);
  return Array.isArray(shown) && exact
    ? `[\n${shown.map((item) => ` ${JSON.stringify(item)}`).join('\n')}\n]`
    : JSON.stringify(shown);
}

/** Keys and types of a value; the items of an array are merged into one. */
export function shape(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? [] : [value.map(shape).reduce(merge)];
  if (value === null) return 'null';
  if (typeof value !== 'object') return typeof value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, shape(inner)]),
  );
}

function merge(a: unknown, b: unknown): unknown {
  if (JSON.stringify(a) === JSON.stringify(b)) return a;
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === 0 ? b : b.length === 0 ? a : [merge(a[0], b[0])];
  }
  if (!isObject(a) || !isObject(b)) {
    const alternatives = [a, b].flatMap((one) =>
      typeof one === 'string' ? one.split('|') : JSON.stringify(one),
    );
    return [...new Set(alternatives)].sort().join('|');
  }
  const result: Record<string, unknown> = {};
  for (const key of [...new Set([...Object.keys(a), ...Object.keys(b)])].sort()) {
    if (key in a && key in b) result[key] = merge(a[key], b[key]);
    else result[key] = key in a ? a[key] : b[key];
  }
  return result;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}

function request(
  port: number,
  method: string,
  path: string,
  body: string | null = null,
  who = 'as guest:guest',
): Promise<Answer> {
  const headers: Record<string, string | number> = {};
  if (who.startsWith('as ')) {
    const name = who.slice(3);
    headers.authorization = `Basic ${Buffer.from(name.includes(':') ? name : `${name}:`).toString('base64')}`;
  }
  if (body !== null) {
    headers['content-type'] = 'application/json';
    headers['content-length'] = Buffer.byteLength(body);
  } else if (method === 'PUT' || method === 'POST') {
    headers['content-length'] = 0;
  }
  return new Promise((resolve, reject) => {
    const outgoing = http.request(
      { port, host: '127.0.0.1', method, path, headers, agent: false },
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
    outgoing.end(body ?? undefined);
  });
}

/** The name of the connection that its client calls so. */
export async function connectionNamed(port: number, given: string): Promise<string> {
  const { body } = await request(port, 'GET', '/api/connections');
  const all = JSON.parse(body) as { name: string; user_provided_name?: string }[];
  return all.find((each) => each.user_provided_name === given)?.name ?? 'none';
}
