/** How to log in, who tried, and what belongs to the API itself. */
import type { Api } from '../api.js';
import { login as authenticated } from '../http/authenticate.js';
import type { Call } from '../http/call.js';
import { columnsOf, type Item, pick } from '../http/columns.js';
import { list } from '../http/listing.js';
import { notFound } from '../http/refusal.js';
import type { Posted, Resource } from '../http/resource.js';

export function authResources(api: Api): Resource[] {
  const { management, monitor, administrator } = api.access;
  const running = (node: string) => node === '' || api.nodes.running().includes(node);
  return [
    {
      path: '/api/auth',
      access: null,
      get: (call) => pick({ enable_uaa: false, uaa_client_id: '', uaa_location: '' }, columnsOf(call)),
    },
    {
      path: '/api/auth/attempts/:node',
      access: monitor,
      exists: (call) => running(call.param('node')),
      get: async (call) => list(call, await attempts(api, call), ['protocol']),
      delete: async (call) => {
        await api.nodes.one(call.param('node'), 'management.attempts', { reset: true });
      },
    },
    {
      path: '/api/auth/attempts/:node/source',
      access: monitor,
      exists: (call) => running(call.param('node')),
      get: () => [],
      // Attempts are not told apart by their source: there is nothing to forget.
      delete: () => {},
    },
    {
      path: '/api/login',
      access: null,
      post: (call) => login(api, call),
    },
    {
      path: '/api/extensions',
      access: management,
      get: (call) => list(call, extensions(api)),
    },
    ...['/api/reset', '/api/reset/:node'].map(
      (path): Resource => ({
        path,
        access: administrator,
        delete: (call) => {
          if (!running(call.param('node'))) throw notFound();
        },
      }),
    ),
  ];
}

/** The parts of RabbitMQ's own page: its dispatcher, and what plugins add. */
function extensions({ broker }: Api): { javascript: string }[] {
  const tracing = broker.plugins.has('rabbitmq_tracing') ? [{ javascript: 'tracing.js' }] : [];
  return [{ javascript: 'dispatcher.js' }, ...tracing];
}

/** The form of the page: good credentials become a cookie that the page keeps. */
async function login({ broker, throttle }: Api, call: Call): Promise<Posted> {
  const form = new URLSearchParams(call.text);
  const given = { user: form.get('username') ?? '', password: form.get('password') ?? '' };
  await throttle.guard(given.user, call.peer, () => authenticated(broker, given, call.peer));
  const token = Buffer.from(`${given.user}:${given.password}`).toString('base64');
  return { status: 200, body: 'ok', headers: { 'set-cookie': `auth=${token}; Version=1` } };
}

async function attempts({ nodes }: Api, call: Call): Promise<Item[]> {
  const node = call.param('node');
  const counted = await nodes.one(node, 'management.attempts', { reset: false });
  return counted
    .filter(({ succeeded, failed }) => succeeded + failed > 0)
    .map(({ protocol, succeeded, failed }) => ({
      protocol,
      auth_attempts: succeeded + failed,
      auth_attempts_failed: failed,
      auth_attempts_succeeded: succeeded,
    }));
}
