/**
 * Every route of RabbitMQ 3.10.8's management API, with the methods that do something there and the bodies that
 * they take. A name in a path stands for one of `world.ts`'s objects; MADE is a name of the asker's own.
 */
export interface Route {
  path: string;
  /** Bodies by method; a method without one takes none. */
  methods: { GET?: true; PUT?: unknown; POST?: unknown; DELETE?: true };
  /** The names in the path for what the mutating methods make and delete, where they are not the read ones. */
  made?: Record<string, string>;
  /** Lists take `columns` and `sort`; those that are paged `page` and `name`, too. */
  list?: 'plain' | 'paged';
}

const get = { GET: true } as const;
const list = (path: string): Route => ({ path, methods: get, list: 'plain' });
const paged = (path: string): Route => ({ path, methods: get, list: 'paged' });
const one = (path: string): Route => ({ path, methods: get });
const all = { configure: '.*', write: '.*', read: '.*' };

export const routes: Route[] = [
  one('/api/overview'),
  { path: '/api/cluster-name', methods: { GET: true, PUT: { name: 'twins' } } },
  list('/api/nodes'),
  one('/api/nodes/:node'),
  one('/api/nodes/:node/memory'),
  one('/api/nodes/:node/memory/relative'),
  one('/api/nodes/:node/memory/ets'),
  one('/api/nodes/:node/memory/ets/relative'),
  one('/api/nodes/:node/memory/ets/:filter'),
  one('/api/nodes/:node/memory/ets/:filter/relative'),
  list('/api/extensions'),
  { path: '/api/definitions', methods: { GET: true, POST: {} } },
  { path: '/api/all-configuration', methods: { GET: true, POST: {} } },
  {
    path: '/api/definitions/:vhost',
    methods: {
      GET: true,
      POST: { queues: [{ name: 'MADE', durable: true, auto_delete: false, arguments: {} }] },
    },
  },
  list('/api/parameters'),
  list('/api/parameters/:component'),
  list('/api/parameters/:component/:vhost'),
  {
    path: '/api/parameters/:component/:vhost/:name',
    methods: { GET: true, PUT: { value: { 'max-queues': 1000 } }, DELETE: true },
  },
  list('/api/global-parameters'),
  {
    path: '/api/global-parameters/:parameter',
    methods: { GET: true, PUT: { value: { a: 1 } }, DELETE: true },
    made: { parameter: 'MADE' },
  },
  ...['policies', 'operator-policies'].flatMap((kind): Route[] => [
    list(`/api/${kind}`),
    list(`/api/${kind}/:vhost`),
    {
      path: `/api/${kind}/:vhost/:policy`,
      methods: { GET: true, PUT: { pattern: '^none$', definition: { 'max-length': 9 } }, DELETE: true },
      made: { policy: 'MADE' },
    },
  ]),
  list('/api/vhost-limits'),
  list('/api/vhost-limits/:vhost'),
  { path: '/api/vhost-limits/:vhost/:limit', methods: { PUT: { value: 100 }, DELETE: true } },
  paged('/api/connections'),
  paged('/api/vhosts/:vhost/connections'),
  {
    path: '/api/connections/:connection',
    methods: { GET: true, DELETE: true },
    made: { connection: 'MADE' },
  },
  list('/api/connections/:connection/channels'),
  { path: '/api/connections/username/:user', methods: { GET: true, DELETE: true }, made: { user: 'MADE' } },
  paged('/api/channels'),
  paged('/api/vhosts/:vhost/channels'),
  one('/api/channels/:channel'),
  list('/api/consumers'),
  list('/api/consumers/:vhost'),
  paged('/api/exchanges'),
  paged('/api/exchanges/:vhost'),
  {
    path: '/api/exchanges/:vhost/:exchange',
    methods: { GET: true, PUT: { type: 'topic', durable: true }, DELETE: true },
    made: { exchange: 'MADE' },
  },
  {
    path: '/api/exchanges/:vhost/:exchange/publish',
    methods: { POST: { properties: {}, routing_key: 'none', payload: 'x', payload_encoding: 'string' } },
  },
  list('/api/exchanges/:vhost/:exchange/bindings/source'),
  list('/api/exchanges/:vhost/:exchange/bindings/destination'),
  paged('/api/queues'),
  paged('/api/queues/:vhost'),
  {
    path: '/api/queues/:vhost/:queue',
    methods: { GET: true, PUT: { durable: true }, DELETE: true },
    made: { queue: 'MADE' },
  },
  list('/api/queues/:vhost/:queue/bindings'),
  { path: '/api/queues/:vhost/:queue/contents', methods: { DELETE: true } },
  {
    path: '/api/queues/:vhost/:queue/get',
    methods: { POST: { count: 1, ackmode: 'ack_requeue_true', encoding: 'auto' } },
  },
  { path: '/api/queues/:vhost/:queue/actions', methods: { POST: { action: 'sync' } } },
  list('/api/bindings'),
  list('/api/bindings/:vhost'),
  {
    path: '/api/bindings/:vhost/e/:exchange/q/:queue',
    methods: { GET: true, POST: { routing_key: 'MADE' } },
    list: 'plain',
  },
  {
    path: '/api/bindings/:vhost/e/:exchange/q/:queue/:props',
    methods: { GET: true, DELETE: true },
    made: { props: 'MADE' },
  },
  {
    path: '/api/bindings/:vhost/e/:exchange/e/:to',
    methods: { GET: true, POST: { routing_key: 'MADE' } },
    list: 'plain',
  },
  {
    path: '/api/bindings/:vhost/e/:exchange/e/:to/:props',
    methods: { GET: true, DELETE: true },
    made: { props: 'MADE' },
  },
  paged('/api/vhosts'),
  {
    path: '/api/vhosts/:vhost',
    methods: { GET: true, PUT: { description: 'made', tags: 'a,b' }, DELETE: true },
    made: { vhost: 'MADE' },
  },
  { path: '/api/vhosts/:vhost/start/:node', methods: { POST: {} } },
  list('/api/vhosts/:vhost/permissions'),
  list('/api/vhosts/:vhost/topic-permissions'),
  list('/api/users'),
  { path: '/api/users/bulk-delete', methods: { POST: { users: ['nobody-at-all'] } } },
  list('/api/users/without-permissions'),
  {
    path: '/api/users/:user',
    methods: { GET: true, PUT: { password: 'pw', tags: 'management' }, DELETE: true },
    made: { user: 'MADE' },
  },
  list('/api/users/:user/permissions'),
  list('/api/users/:user/topic-permissions'),
  list('/api/user-limits'),
  list('/api/user-limits/:user'),
  { path: '/api/user-limits/:user/:limit', methods: { PUT: { value: 100 }, DELETE: true } },
  list('/api/feature-flags'),
  { path: '/api/feature-flags/:flag/enable', methods: { PUT: {} } },
  one('/api/whoami'),
  list('/api/permissions'),
  {
    path: '/api/permissions/:vhost/:user',
    methods: { GET: true, PUT: all, DELETE: true },
    made: { user: 'nobody' },
  },
  list('/api/topic-permissions'),
  {
    path: '/api/topic-permissions/:vhost/:user',
    methods: { GET: true, PUT: { exchange: 'amq.topic', write: '.*', read: '.*' }, DELETE: true },
    made: { user: 'nobody' },
  },
  {
    path: '/api/topic-permissions/:vhost/:user/:exchange',
    methods: { GET: true, DELETE: true },
    made: { user: 'nobody' },
  },
  one('/api/aliveness-test/:vhost'),
  one('/api/healthchecks/node'),
  one('/api/healthchecks/node/:node'),
  one('/api/health/checks/alarms'),
  one('/api/health/checks/local-alarms'),
  one('/api/health/checks/certificate-expiration/:within/:unit'),
  one('/api/health/checks/port-listener/:port'),
  one('/api/health/checks/protocol-listener/:protocol'),
  one('/api/health/checks/virtual-hosts'),
  one('/api/health/checks/node-is-mirror-sync-critical'),
  one('/api/health/checks/node-is-quorum-critical'),
  { path: '/api/reset', methods: { DELETE: true } },
  { path: '/api/reset/:node', methods: { DELETE: true } },
  { path: '/api/rebalance/queues', methods: { POST: {} } },
  one('/api/auth'),
  { path: '/api/auth/attempts/:node', methods: { GET: true, DELETE: true } },
  { path: '/api/auth/attempts/:node/source', methods: { GET: true, DELETE: true } },
  { path: '/api/login', methods: { POST: {} } },
];
