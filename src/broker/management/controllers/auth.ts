/** How to log in, who tried, and what belongs to the API itself. */
import type { Api } from '../api.js';
import { login as authenticated } from '../http/authenticate.js';
import type { Call } from '../http/call.js';
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
      get: () => ({ enable_uaa: false, uaa_client_id: '', uaa_location: '' }),
    },
    {
      path: '/api/auth/attempts/:node',
      access: monitor,
      exists: (call) => running(call.param('node')),
      get: (call) => attempts(api, call),
    },
    {
      path: '/api/auth/attempts/:node/source',
      access: monitor,
      exists: (call) => running(call.param('node')),
      get: () => [],
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
function login({ broker }: Api, call: Call): Posted {
  const form = new URLSearchParams(call.text);
  const given = { user: form.get('username') ?? '', password: form.get('password') ?? '' };
  authenticated(broker, given, call.peer);
  const token = Buffer.from(`${given.user}:${given.password}`).toString('base64');
  return { status: 200, body: 'ok', headers: { 'set-cookie': `auth=${token}; Version=1` } };
}

async function attempts({ nodes }: Api, call: Call): Promise<unknown> {
  const { succeeded, failed } = await nodes.one(call.param('node'), 'management.attempts', {});
  return [
    {
      protocol: 'http',
      auth_attempts: succeeded + failed,
      auth_attempts_failed: failed,
      auth_attempts_succeeded: succeeded,
    },
  ];
}
