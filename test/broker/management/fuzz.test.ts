/**
 * Anything that can be asked of the routes: names that are there, or are strange, parameters, bodies of the right
 * and of the wrong shape, as a user of any tag. Every answer is one; none is a 500, and what says that it is JSON is.
 */
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { targetOf } from '../../../src/broker/management/http/answer.js';
import { managementRouter } from '../../../src/broker/management/management.js';
import { Sampler } from '../../../src/broker/management/statistics/sampler.js';
import { type Route, routes } from '../../twin/management/routes.js';
import { NODE } from '../core/test-broker.js';
import { type Stage, stage } from './stage.js';

const requests = 20_000;
/** The world is made anew after so many: what was deleted is there again, what was made is gone. */
const epoch = 200;
const anyMethod = ['GET', 'HEAD', 'PUT', 'POST', 'DELETE', 'OPTIONS', 'PATCH'];
const tags = [...Array<string>(8).fill('administrator'), 'monitoring', 'policymaker', 'management', ''];

const name = fc.oneof(
  fc.constantFrom(
    '/',
    'v',
    'q',
    'x',
    'amq.topic',
    'amq.default',
    'guest',
    'k',
    '~',
    'limits',
    'vhost-limits',
  ),
  fc.constantFrom(
    '..',
    '.',
    '%',
    '\u0000',
    '__proto__',
    'constructor',
    'hasOwnProperty',
    '<script>',
    'ß\u{1F407}',
  ),
  fc.string({ unit: 'binary', maxLength: 12 }).map((text) => Buffer.from(text).toString()),
  fc.constant('n'.repeat(300)),
);

const words = [
  ...['name', 'value', 'pattern', 'definition', 'apply-to', 'priority', 'tags', 'password', 'password_hash'],
  ...['hashing_algorithm', 'type', 'durable', 'auto_delete', 'internal', 'arguments', 'node', 'routing_key'],
  ...['properties', 'payload', 'payload_encoding', 'headers', 'count', 'ackmode', 'encoding', 'truncate'],
  ...[
    'configure',
    'write',
    'read',
    'exchange',
    'action',
    'users',
    'vhosts',
    'queues',
    'exchanges',
    'bindings',
  ],
  ...['permissions', 'policies', 'parameters', 'global_parameters', 'topic_permissions', 'vhost', 'tracing'],
  ...['description', 'max-length', 'x-message-ttl', 'source', 'destination', 'destination_type', 'component'],
];
const scalar = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    false,
    0,
    -1,
    1.5,
    1e300,
    '',
    'true',
    'none',
    '.*',
    '[',
    'auto',
    'base64',
  ),
  fc.constantFrom<unknown>('ack_requeue_true', 'string', 'queue', 'queues', 'topic', 'sync', {}, []),
  fc.integer(),
  name,
);
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...words, '__proto__'), tie('value'), { maxKeys: 4 }),
  ),
}));

const query = fc.dictionary(
  fc.constantFrom(
    ...['page', 'page_size', 'name', 'use_regex', 'sort', 'sort_reverse', 'columns', 'disable_stats'],
    ...['enable_queue_totals', 'lengths_age', 'lengths_incr', 'msg_rates_age', 'msg_rates_incr', 'memory'],
    ...['data_rates_age', 'data_rates_incr', 'if-unused', 'if-empty', 'pagination'],
  ),
  fc.oneof(
    fc.constantFrom('true', 'false', '1', '0', '-1', '60', '5', '1e9', '(', 'name', 'a.b.c', ''),
    name,
  ),
  { maxKeys: 4 },
);

const mutated = (body: unknown) =>
  fc.oneof(
    { weight: 2, arbitrary: fc.constant(body) },
    value.map((more) => (typeof more === 'object' ? { ...(body as object), ...more } : more)),
    value,
  );

const there: Record<string, string> = { vhost: '/', queue: 'q', exchange: 'x', user: 'guest', node: NODE };

/** One route with a method that does something there, mostly, and names that are there, mostly. */
function asking({ path, methods, made }: Route) {
  const own = Object.keys(methods) as (keyof Route['methods'])[];
  const names = [...path.matchAll(/:(\w+)/g)].map(([, param = '']) => {
    const known = fc.constantFrom(there[param] ?? made?.[param] ?? 'MADE', 'MADE');
    return fc.oneof({ weight: 6, arbitrary: known }, { weight: 1, arbitrary: name });
  });
  const json = mutated(methods.PUT ?? methods.POST ?? {}).map((body) => JSON.stringify(body));
  return fc.record({
    method: fc.oneof(
      { weight: 5, arbitrary: fc.constantFrom<string>(...own) },
      { weight: 1, arbitrary: fc.constantFrom(...anyMethod) },
    ),
    path: fc
      .tuple(...names)
      .map((given) => path.replace(/:\w+/g, () => encodeURIComponent(given.shift() as string))),
    query,
    tag: fc.constantFrom(...tags),
    body: fc.oneof({ weight: 6, arbitrary: json }, { weight: 1, arbitrary: fc.string({ unit: 'binary' }) }),
    type: fc.constantFrom(
      ...['application/json', 'application/json', 'application/json'],
      ...['text/plain', 'multipart/form-data; boundary=x', ''],
    ),
    accept: fc.constantFrom('*/*', '*/*', '*/*', 'application/json', 'text/html', ''),
  });
}

const asked = fc.oneof(...routes.map(asking));

let at: Stage;
let ticking: NodeJS.Timeout;
beforeAll(async () => {
  at = await stage();
  // Logins that fail are told late, checks give up after a while: time goes on for them.
  ticking = setInterval(() => at.clock.advance(1_000), 5);
});
afterAll(async () => {
  clearInterval(ticking);
  await at.close();
});

const asBody = (text: string) => Readable.from(text === '' ? [] : [Buffer.from(text)]);

async function makeWorld(ask: (method: string, path: string, body?: unknown) => Promise<unknown>) {
  for (const { name } of (await ask('GET', 'vhosts?columns=name')) as { name: string }[])
    await ask('DELETE', `vhosts/${encodeURIComponent(name)}`);
  for (const vhost of ['%2F', 'MADE']) {
    await ask('PUT', `vhosts/${vhost}`);
    await ask('PUT', `permissions/${vhost}/guest`, { configure: '.*', write: '.*', read: '.*' });
    await ask('PUT', `exchanges/${vhost}/x`, { type: 'topic' });
    await ask('PUT', `queues/${vhost}/q`, { durable: true });
    await ask('POST', `bindings/${vhost}/e/x/q/q`, { routing_key: '#' });
  }
}

it(`${requests} requests, and none is answered with a 500`, async () => {
  const sampler = new Sampler(at.broker, at.clock);
  const router = managementRouter(at.ports, sampler, async (authorization) => ({
    user: 'guest',
    tags: (authorization ?? '').split(','),
  }));
  const ask = async (method: string, path: string, body?: unknown) => {
    const headers = { authorization: 'administrator', 'content-type': 'application/json' };
    const sent = asBody(body === undefined ? '' : JSON.stringify(body));
    const target = targetOf(`/api/${path}`);
    const { body: text } = await router({ ...target, method, headers, peer: '127.0.0.1', body: sent });
    return text === null ? null : JSON.parse(text.toString());
  };
  const statuses = new Map<number, number>();
  let count = 0;
  await fc.assert(
    fc.asyncProperty(asked, async ({ method, path, query, tag, body, type, accept }) => {
      if (count++ % epoch === 0) await makeWorld(ask);
      const target = targetOf(`${path}?${new URLSearchParams(query)}`);
      const headers = { authorization: tag, 'content-type': type, accept };
      const sent = asBody(method === 'PUT' || method === 'POST' ? body : '');
      const answer = await router({ ...target, method, headers, peer: '127.0.0.1', body: sent });
      const text = answer.body?.toString() ?? '';
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      if (answer.status >= 500 && answer.status !== 503)
        throw new Error(`${answer.status}: ${at.log.at(-1)}`);
      if (answer.headers['content-type'] === 'application/json' && text !== '') JSON.parse(text);
    }),
    // One that is never answered is shown as the rest of what fails is.
    { numRuns: requests, timeout: 30_000, endOnFailure: true },
  );
  sampler.close();
  for (const status of [200, 201, 204, 400, 401, 404, 405])
    expect(statuses.get(status), `answers with ${status}`).toBeGreaterThan(20);
}, 600_000);
