/**
 * Asks one engine everything: each route by each method as a user of each tag, the names in its path there and
 * not there, the parameters of lists. One line an answer: status, headers, and the shape of the body, or the
 * body itself where it is a refusal.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { shape, sorted } from '../../broker/management/transcript.js';
import { until } from '../../engines/until.js';
import { type Answer, type Asked, request, type Who } from './request.js';
import { type Route, routes } from './routes.js';
import { elsewhere, makeWorld, type Place, tags, type World } from './world.js';

/** What was asked → what was answered. */
export type Answers = Map<string, string>;

interface Question extends Asked {
  label: string;
}

/** `collected`: milliseconds until RabbitMQ has collected its statistics twice. */
export async function askAll(place: Place, collected: number): Promise<Answers> {
  const world = await makeWorld(place);
  try {
    await until('the work is in the statistics', () => isCounted(place, world));
    await pause(collected);
    const answers: Answers = new Map();
    await inParallel(
      routes.flatMap((route) => reads(route, world)),
      place,
      world,
      answers,
    );
    for (const question of routes.flatMap((route) => changes(route, world))) {
      answers.set(hide(question.label, place, world), await ask(question, place, world));
    }
    return answers;
  } finally {
    await world.leave();
  }
}

/** On a busy machine RabbitMQ collects late. A virtual host's sums go on from those of an earlier one of its name. */
async function isCounted({ management }: Place, { names }: World): Promise<boolean> {
  const path = `/api/channels/${encodeURIComponent(names.channel!)}`;
  const who = { user: 'guest', password: 'guest' };
  const { status, body } = await request(management, { method: 'GET', path, who });
  if (status !== 200) return false;
  const { message_stats: stats } = JSON.parse(body) as { message_stats?: Record<string, number> };
  return stats?.ack === 3 && stats.return_unroutable === 1;
}

async function inParallel(
  questions: Question[],
  place: Place,
  world: World,
  answers: Answers,
): Promise<void> {
  const waiting = questions.values();
  const worker = async () => {
    for (const question of waiting)
      answers.set(hide(question.label, place, world), await ask(question, place, world));
  };
  await Promise.all(Array.from({ length: 4 }, worker));
}

const administrator: Who = { user: 'routes-administrator', password: 'pw' };

function reads(route: Route, { names }: World): Question[] {
  const path = fill(route.path, names);
  const of = (who: string): Who => ({ user: `routes-${who}`, password: 'pw' });
  const question = (method: string, path: string, as: string, who: Who | null): Question => ({
    method,
    path,
    who,
    label: `${method} ${path} as ${as}`,
  });
  const admin = (method: string, path: string) => question(method, path, 'administrator', administrator);
  const questions = ['OPTIONS', 'PATCH', ...unsupported(route)].map((method) => admin(method, path));
  questions.push(question('GET', path, 'noauth', null));
  questions.push(question('GET', path, 'wrong', { user: `wrong-${path}`, password: 'wrong' }));
  for (const origin of ['http://twins.example', 'http://evil.example']) {
    for (const method of ['OPTIONS', 'PATCH', 'GET']) {
      const more = { headers: { origin, 'access-control-request-method': 'PUT' } };
      questions.push({ ...admin(method, path), ...more, label: `${method} ${path} from ${origin}` });
    }
  }
  if (route.methods.GET === undefined) return [...questions, admin('GET', path)];
  questions.push(admin('HEAD', path));
  for (const tag of tags) {
    questions.push(question('GET', path, tag, of(tag)));
    if (!path.includes(names.vhost!)) continue;
    questions.push(question('GET', fill(route.path, { ...names, vhost: elsewhere }), tag, of(tag)));
  }
  for (const name of placeholders(route.path)) {
    questions.push(admin('GET', fill(route.path, { ...names, [name]: 'absent' })));
  }
  for (const query of queriesOf(route)) questions.push(admin('GET', `${path}?${query}`));
  return questions;
}

const unsupported = ({ methods }: Route) =>
  (['PUT', 'POST', 'DELETE'] as const).filter((method) => methods[method] === undefined);

/** Every user tries: who may not, must not change anything. */
function changes(route: Route, { names }: World): Question[] {
  const questions: Question[] = [];
  const everybody = [...tags, 'noauth'];
  for (const as of everybody) {
    const mine = Object.entries(route.made ?? {}).map(([name, value]) => [
      name,
      value.replace('MADE', `made-${as}`),
    ]);
    const filled = { ...names, ...Object.fromEntries(mine) };
    const who = as === 'noauth' ? null : { user: `routes-${as}`, password: 'pw' };
    const make = (method: 'PUT' | 'POST' | 'DELETE', note: string, body?: unknown, more = filled) => {
      const path = fill(route.path, more);
      const text = body === undefined ? {} : { body: JSON.stringify(body).replace('MADE', `made-${as}`) };
      questions.push({ method, path, who, ...text, label: `${method} ${path} as ${as}${note}` });
    };
    const plain = (method: 'PUT' | 'POST', body: unknown) => {
      make(method, ', plain text', body);
      questions.push({ ...questions.pop()!, headers: { 'content-type': 'text/plain' } });
    };
    const { PUT, POST, DELETE } = route.methods;
    if (PUT !== undefined) {
      make('PUT', '', PUT);
      make('PUT', ', again', PUT);
      if (as === 'administrator') {
        plain('PUT', PUT);
        make('PUT', ', no body');
        make('PUT', ', {}', {});
        make('PUT', ', []', []);
        make('PUT', ', no JSON', '\u0000');
        for (const name of placeholders(route.path))
          make('PUT', ', absent', PUT, { ...filled, [name]: 'absent' });
      }
    }
    if (POST !== undefined) {
      make('POST', '', POST);
      if (as === 'administrator') {
        plain('POST', POST);
        make('POST', ', no body');
        make('POST', ', {}', {});
        make('POST', ', []', []);
        for (const name of placeholders(route.path)) make('POST', '', POST, { ...filled, [name]: 'absent' });
      }
    }
    if (DELETE === undefined) continue;
    if (as === 'administrator') {
      for (const name of placeholders(route.path))
        make('DELETE', '', undefined, { ...filled, [name]: 'absent' });
    }
    make('DELETE', '');
    make('DELETE', ', again');
  }
  return questions;
}

const standard = [
  'columns=name',
  'columns=name,nosuch',
  'columns=',
  'columns=nosuch.deep',
  'sort=name',
  'sort=name&sort_reverse=true',
  'sort=nosuch',
  'sort=',
];

const pages = [
  'page=1',
  'page=1&page_size=1',
  'page=2&page_size=1',
  'page=99',
  'page=0',
  'page=-1',
  'page=x',
  'page=',
  'page=1&page_size=',
  'page=1&page_size=x',
  'page=1&page_size=501',
  'page=1&name=nosuch',
  'page=2&name=nosuch',
  'page=1&name=q&use_regex=true',
  'page=1&name=%5Eq&use_regex=true&pagination=true',
  'page=1&name=%5B&use_regex=true',
  'page=1&page_size=2&sort=name&sort_reverse=true&columns=name',
  'disable_stats=true&enable_queue_totals=true',
];

const ages = ['lengths', 'msg_rates', 'data_rates', 'node_stats'].flatMap((kind) => [
  `${kind}_age=60&${kind}_incr=5`,
  `${kind}_age=0&${kind}_incr=5`,
  `${kind}_age=60`,
  `${kind}_age=x&${kind}_incr=y`,
  `${kind}_age=10000&${kind}_incr=1`,
]);

function queriesOf({ list, path }: Route): string[] {
  const columns = [...(list === undefined ? ['columns=name', 'columns='] : standard), 'disable_stats=true'];
  const figures = /overview|nodes|queue|exchange|connection|channel|vhosts$|vhosts\/:vhost$/.test(path);
  return [
    ...columns,
    ...(list === 'paged' ? pages.filter((page) => !everywhere(path) || page.includes('name=nosuch')) : []),
    ...(figures ? ages : []),
  ];
}

/** Lists of the whole node, where other tests may have left something. */
const everywhere = (path: string) => /^\/api\/(queues|exchanges|vhosts)$/.test(path);

const placeholders = (path: string) => [...path.matchAll(/:(\w+)/g)].map(([, name]) => name as string);

const fill = (path: string, names: Record<string, string>) =>
  path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(names[name] ?? 'none'));

async function ask(question: Question, place: Place, world: World): Promise<string> {
  const answer = await request(place.management, question);
  const { body, ...headers } = { ...written(question, answer), body: bodyOf(question, answer) };
  return hide(`${answer.status} ${JSON.stringify(headers)} ${body}`, place, world);
}

/** Headers of the connection itself, and those whose value is another each time. */
const unread = ['vary', 'date', 'server', 'connection', 'keep-alive', 'transfer-encoding', 'content-length'];

function written({ label }: Question, { headers }: Answer): Record<string, unknown> {
  // Of its routes for bindings RabbitMQ tells other sites a POST that only one of them has.
  const untold = label.includes('/bindings') ? ['access-control-allow-methods'] : [];
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => !unread.includes(name) && !untold.includes(name))
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

function bodyOf({ label }: Question, { status, headers, body }: Answer): string {
  if (headers['content-type']?.startsWith('text/html')) return '(a page)';
  try {
    const value: unknown = JSON.parse(body);
    const exact = status >= 400 || /whoami|health/.test(label);
    return JSON.stringify(exact ? inAnyOrder(sorted(value)) : outline(value, label));
  } catch {
    return body;
  }
}

/** Of a page, how much there is of it, too; of the names alone, each; of Erlang's own tables, that they are told. */
function outline(told: unknown, label: string): unknown {
  const value = /\/nodes/.test(label) ? withoutLinks(told) : told;
  if (label.includes('/auth/attempts/') && Array.isArray(value)) return shape(value.slice(0, 1));
  if (/columns=name\b/.test(label) && !/\(1\)|connections\/127/.test(label)) return inAnyOrder(sorted(value));
  if (typeof value !== 'object' || value === null) return shape(value);
  if ('ets_tables_memory' in value) return 'tables';
  if (!('items' in value)) return shape(value);
  const { items, ...counts } = value;
  return { ...(sorted(counts) as object), items: shape(items) };
}

/** A tool that was just at work is a node linked to RabbitMQ's; links of clusters are compared with those of two nodes. */
function withoutLinks(value: unknown): unknown {
  const leaveOut = (node: object) => ('cluster_links' in node ? { ...node, cluster_links: [] } : node);
  if (Array.isArray(value)) return value.map(leaveOut);
  return typeof value === 'object' && value !== null ? leaveOut(value) : value;
}

/** RabbitMQ lists what it holds in hash tables, whose order is another on each machine. */
function inAnyOrder(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(inAnyOrder).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, inAnyOrder(inner)]));
}

function hide(text: string, { node, amqp, amqps, management }: Place, { names }: World): string {
  return (
    text
      // Each engine calls idle what has done nothing for an interval of its own.
      .replace(/"idle_since":"string",?/g, '')
      .replace(/\\n +/g, '')
      .replaceAll(names.connection as string, 'CONNECTION')
      .replaceAll(encodeURIComponent(names.connection as string), 'CONNECTION')
      .replaceAll(node, 'NODE')
      .replaceAll(encodeURIComponent(node), 'NODE')
      .replaceAll(String(amqp), 'AMQP')
      .replaceAll(String(amqps), 'AMQPS')
      .replaceAll(String(management), 'HTTP')
  );
}
