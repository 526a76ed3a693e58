import { expect, test } from 'vitest';
import { parseClusterFile } from '../../src/cluster-file/read.js';

/** Two lines that make a file one of hosts. */
const hosts = `nodes:
  - { name: server1, address: 10.0.0.1 }
  - { name: server2, address: 10.0.0.2 }
  - { name: server3, address: 10.0.0.3 }
profile: quorum
`;

const withFrontEnd = (more: string) => `${hosts}front_end:
  hosts: [{ name: server4, address: 10.0.0.4 }, { name: server5, address: 10.0.0.5 }]
  ${more}
`;

/** The first complaint: `line:column: message → suggestion`. */
const complaint = async (text: string) => {
  const error = await parseClusterFile(text, 'f').then(
    () => undefined,
    (thrown) => thrown,
  );
  if (!error) return 'none';
  expect(error.report, error.stack).toMatchObject({ code: 'CLUSTER_FILE_INVALID', exit: 78 });
  const { where, message, next } = error.report;
  return `${where.slice(2)}: ${message} → ${next}`;
};

const warnings = async (text: string) =>
  (await parseClusterFile(text, 'f')).warnings.map(
    ({ where, message, suggestion }) => `${where.slice(2)}: ${message} → ${suggestion}`,
  );

const wrong: readonly (readonly [string, string, string, string])[] = [
  ['a key of a deep map', 'rabbitmq: { limits: { open_file: 1024 } }', '1:23: ', "'open_files'"],
  [
    'a key in one kind of profile',
    'profile: { name: mirrored, replica: 2 }',
    "1:28: unknown key 'replica'",
    "'replicas'",
  ],
  ['a key of a vhost', 'vhosts: [{ nam: a }]', "1:12: unknown key 'nam'", "'name'"],
  ['a profile that is none', 'profile: mirored', "1:10: profile cannot be 'mirored'", "'mirrored'"],
  [
    'a profile by its word alone that wants details',
    'profile: federated',
    '1:10: profile: federated has to know the other clusters: { name: federated, upstreams: ',
    '',
  ],
  [
    'a profile that is none, with details',
    'profile: { name: quorm }',
    "1:18: profile.name cannot be 'quorm'",
    "'quorum'",
  ],
  [
    'a number instead of text',
    'users: [{ name: 42, password: generate }]',
    '1:17: users.0.name must be text, and it is a number',
    '"42"',
  ],
  [
    'text instead of a list',
    'plugins: rabbitmq_shovel',
    '1:10: plugins must be a list, and it is text',
    'brackets',
  ],
  ['nothing where something must be', 'name:', '1:6: name must be text, and it is empty', ''],
  [
    'neither a number nor a list',
    'nodes: three',
    '1:8: nodes must be a number or a list, and it is text',
    '',
  ],
  ['a number out of bounds', 'port_base: 80', '1:12: port_base: must be at least 1024', ''],
  ['a name that is missing', 'nodes: [{ address: 10.0.0.1 }]', '1:9: nodes.0 has no name', 'write name:'],
  [
    'an address with a port',
    'nodes: [{ name: a, address: "10.0.0.1:22" }]',
    '1:29: nodes.0.address: must be an IP',
    '',
  ],
  [
    'a label that is too long',
    `nodes: [{ name: ${'a'.repeat(64)}, address: 10.0.0.1 }]`,
    '1:17: nodes.0.name: has a label of more than the 63',
    '',
  ],
  [
    'an interface that is too long',
    withFrontEnd('interface: averylonginterface'),
    '8:14: front_end.interface: must be the name of a network interface, 15',
    '',
  ],
  ['a VRID of 0', withFrontEnd('vrid: 0'), '8:9: front_end.vrid: must be from 1 to 255', ''],
  ['a VRID of 256', withFrontEnd('vrid: 256'), '8:9: front_end.vrid: must be from 1 to 255', ''],
  [
    'a key of rabbitmq.conf',
    'rabbitmq: { config: { "a b": 1 } }',
    '1:23: rabbitmq.config.a b: is not a key of rabbitmq.conf',
    '',
  ],
  [
    'a key twice',
    'name: a\nnodes: 1\nname: b\n',
    "3:1: the key 'name' stands here for the second time",
    'first one',
  ],
  ['a tab', 'rabbitmq:\n\tconfig: {}\n', '2:1: a tab stands where YAML wants spaces', 'spaces'],
  ['an open bracket', 'plugins: [a, b\nname: c\n', '2:1: a bracket that was opened above is not closed', ''],
  ['an anchor that nobody set', 'ssh: *common\n', '1:6: there is no anchor &common above', '&common'],
  ['two documents', 'name: a\n---\nname: b\n', '2:1: a second document begins here', '---'],
  ['a list at the top', '- name: a\n', '1:1: the file must be a map of keys, and it is a list', ''],

  [
    'two nodes of one name',
    'nodes: [{ name: a }, { name: a }]',
    '1:30: a node named a stands in the file twice',
    '',
  ],
  [
    'two nodes of one address',
    hosts.replace('10.0.0.3', '10.0.0.1'),
    '4:31: server3 has the address 10.0.0.1, which server1 has already',
    '',
  ],
  [
    'one name with two addresses',
    withFrontEnd('haproxy: { amqp_port: 5673, management_port: 15673 }').replace('server4', 'server1'),
    '7:37: server1 has address 10.0.0.1 as a node and 10.0.0.4 here',
    '',
  ],
  [
    'some with an address, some without',
    'nodes: [{ name: a }, { name: b, address: 10.0.0.1 }]',
    '1:9: node a has no address',
    'every node',
  ],
  [
    'an engine for hosts',
    `${hosts}engine: bundled\n`,
    '6:1: engine is for nodes on this machine',
    'RabbitMQ',
  ],
  [
    'ha for hosts',
    `${hosts.replace('profile: quorum', 'ha: all')}`,
    '5:1: ha is for nodes on this machine',
    'profile:',
  ],
  [
    'a dot in a short name',
    hosts.replace('server2', 'server2.example.com'),
    '3:13: server2.example.com has dots',
    'long_names: true',
  ],
  [
    'no dot in a long name',
    `${hosts}rabbitmq: { long_names: true }\n`,
    '2:13: server1 has no dot',
    'server1.example.com',
  ],
  ['an underscore', hosts.replace('server2', 'server_2'), '3:13: server_2 cannot be a host name', 'dashes'],
  [
    'the public half of a key',
    `${hosts}ssh: { key: id_ed25519.pub }\n`,
    '6:13: id_ed25519.pub is the public half',
    'private',
  ],

  [
    'a front end without hosts',
    'nodes: 3\nfront_end: { hosts: [{ name: a, address: 10.0.0.1 }] }',
    '2:1: a front end stands before brokers on hosts',
    '',
  ],
  [
    'the address of a host as the virtual one',
    withFrontEnd('virtual_addresses: [10.0.0.2]'),
    '8:23: the virtual address 10.0.0.2 is the address of host server2',
    'free',
  ],
  [
    'a virtual address twice',
    withFrontEnd('virtual_addresses: [10.0.0.9, 10.0.0.9/24]'),
    '8:33: the virtual address 10.0.0.9 stands',
    '',
  ],
  [
    'a prefix that is none',
    withFrontEnd('virtual_addresses: [10.0.0.9/33]'),
    '8:23: /33 is no prefix length',
    '32',
  ],
  [
    'no address but a name',
    withFrontEnd('virtual_addresses: [vip.example.com]'),
    '8:23: front_end.virtual_addresses.0: must be an IP',
    '',
  ],
  [
    'active/active with one address',
    withFrontEnd('mode: active/active\n  virtual_addresses: [10.0.0.9]'),
    '9:22: active/active wants two virtual addresses, one for each balancer, and there is 1',
    'active/passive',
  ],
  [
    'active/active with the last VRID',
    withFrontEnd('mode: active/active\n  vrid: 255\n  virtual_addresses: [10.0.0.8, 10.0.0.9]'),
    '9:9: active/active takes the next',
    '254',
  ],
  [
    'one port twice',
    withFrontEnd('haproxy: { stats_port: 5672 }'),
    '8:26: stats_port and amqp_port are both 5672',
    '',
  ],
  [
    'a broker that balances on its own port',
    withFrontEnd('').replace('server4, address: 10.0.0.4', 'server1, address: 10.0.0.1'),
    '7:3: host server1 is a broker and a balancer, and RabbitMQ listens on 5672',
    'amqp_port',
  ],
  [
    'a duration without a unit',
    withFrontEnd('haproxy: { timeouts: { client: "30" } }'),
    '8:34: front_end.haproxy.timeouts.client: must be a number with a unit',
    '',
  ],

  [
    'a node without a key',
    `${hosts}rabbitmq: { tls: { certificate: "file:c.pem" } }`,
    '6:13: node server1 has no key',
    'key: file:PATH',
  ],
  [
    'a certificate of a node in a file without TLS',
    'nodes: [{ name: a, address: 10.0.0.1, rabbitmq: { tls: { certificate: "file:c", key: "file:k" } } }]',
    '1:51: node a has a certificate of its own',
    'at the top',
  ],
  [
    'a key that is written out',
    `${hosts}rabbitmq: { tls: { certificate: "file:c.pem", key: abc } }`,
    '6:52: rabbitmq.tls.key is written out here',
    'env:TLS_KEY or file:PATH',
  ],
  [
    'clients checked by nothing',
    `${hosts}rabbitmq: { tls: { certificate: "file:c", key: "file:k", verify: verify_peer } }`,
    "6:66: verify_peer checks clients' certificates",
    'ca: file:PATH',
  ],
  [
    'certificates that nobody checks',
    `${hosts}rabbitmq: { tls: { certificate: "file:c", key: "file:k", fail_if_no_peer_cert: true } }`,
    '6:80: clients would have to have a certificate',
    'verify_peer',
  ],

  ['ha and a profile', 'ha: all\nprofile: mirrored', '1:1: ha and profile both', ''],
  [
    'more replicas than nodes',
    'nodes: 2\nprofile: { name: mirrored, replicas: 3 }',
    '2:38: 3 replicas cannot be on 2 nodes',
    '2 or less',
  ],
  [
    'one replica',
    'profile: { name: mirrored, replicas: 1 }',
    '1:38: profile.replicas: must be 2 or more',
    '',
  ],
  [
    'an active node that is none',
    'nodes: [{ name: a }]\nprofile: { name: standby, active: b }',
    '2:35: there is no node b',
    'a',
  ],
  [
    'a vhost of a profile',
    'vhosts: [orders]\nprofile: { name: quorum, vhosts: [order] }',
    '2:35: there is no vhost order',
    "'orders'",
  ],
  [
    'mirrors where there are none',
    'rabbitmq: { version: 4.1.0 }\nprofile: mirrored',
    '2:10: RabbitMQ 4.1.0 has no mirrored classic queues',
    'quorum',
  ],
  [
    'quorum before its time',
    'rabbitmq: { version: 3.7.28 }\nprofile: quorum',
    '2:10: RabbitMQ 3.7.28 has no quorum queues',
    '3.8',
  ],

  [
    'a password written out, for hosts',
    `${hosts}users: [{ name: my-app, password: secret }]\n`,
    '6:35: users.0.password is written out here',
    'env:MY_APP_PASSWORD or file:PATH, or generate',
  ],
  [
    'a cookie written out',
    'rabbitmq: { cookie: ABCDEF }',
    '1:21: rabbitmq.cookie is written out here',
    'env:ERLANG_COOKIE',
  ],
  [
    'an SSH password written out',
    'ssh: { password: secret }',
    '1:18: ssh.password is written out here',
    'env:SSH_PASSWORD',
  ],
  [
    'a sudo password that is generated',
    'ssh: { sudo_password: generate }',
    '1:23: sudo_password is known to somebody',
    'env:SUDO_PASSWORD',
  ],
  [
    'a variable that can be none',
    'rabbitmq: { cookie: "env:A B" }',
    '1:21: rabbitmq.cookie is not a reference',
    '',
  ],

  [
    'a source that is another map',
    'rabbitmq: { source: { repositories: [x] } }',
    "1:23: unknown key 'repositories' in rabbitmq.source (known: apt, yum)",
    '',
  ],
  [
    'a source without a repository',
    'rabbitmq: { source: { apt: [] } }',
    '1:21: rabbitmq.source: names no repository: write apt or yum',
    '',
  ],

  ['a user without a password', 'users: [{ name: app }]', '1:9: user app has no password', 'generate'],
  [
    'a user twice',
    'users: [{ name: a, password: generate }, { name: a, password: generate }]',
    '1:50: user a stands in the file twice',
    '',
  ],
  [
    'a permission of an unknown vhost',
    'vhosts: [orders]\nusers: [{ name: a, password: x, permissions: [{ vhost: ordres }] }]',
    '2:56: there is no vhost ordres',
    "'orders'",
  ],
  [
    'a permission of an unknown user',
    'users: [{ name: app, password: x }]\npermissions: [{ user: ap }]',
    '2:23: there is no user ap',
    "'app'",
  ],
  [
    'a permission twice',
    'users: [{ name: a, password: x, permissions: [{}] }]\npermissions: [{ user: a }]',
    '2:15: a permission of a in vhost / stands',
    '',
  ],
  [
    'a policy of an unknown vhost',
    'policies: [{ name: p, vhost: shop, pattern: a, definition: { expires: 1 } }]',
    '1:30: there is no vhost shop',
    'vhosts: [shop]',
  ],
  [
    "the notes' policy",
    'policies: [{ name: ha-all, pattern: ^, definition: { ha-model: all } }]',
    "1:54: RabbitMQ knows no policy setting 'ha-model'",
    "'ha-mode'",
  ],
  [
    'a pattern that is none',
    'policies: [{ name: p, pattern: "(a", definition: { expires: 1 } }]',
    '1:32: the pattern (a cannot be read: unterminated group',
    '',
  ],
  [
    'an empty policy',
    'policies: [{ name: p, pattern: a, definition: {} }]',
    '1:47: policy p defines nothing',
    '',
  ],
  [
    'a policy twice',
    'policies: [&p { name: p, pattern: a, definition: { expires: 1 } }, *p]',
    '1:68: policy p of vhost / stands',
    '',
  ],
  [
    'mirrors in a policy for 4.x',
    'rabbitmq: { version: "4.0" }\npolicies: [{ name: p, pattern: a, definition: { ha-mode: all } }]',
    '2:47: RabbitMQ 4.0 has no mirrored',
    'quorum',
  ],
  [
    'a binding from an unknown exchange',
    'exchanges: [{ name: events }]\nqueues: [{ name: q }]\nbindings: [{ source: event, destination: q }]',
    '3:22: there is no exchange event of vhost /',
    "'events'",
  ],
  [
    'a binding to an unknown queue',
    'bindings: [{ source: amq.topic, destination: q }]',
    '1:46: there is no queue q of vhost /',
    'queues',
  ],
  [
    "a name of the broker's",
    'queues: [{ name: amq.mine }]',
    '1:18: amq.mine: names that begin with amq.',
    '',
  ],
  [
    'a quorum queue that is not durable',
    'queues: [{ name: q, type: quorum, durable: false }]',
    '1:44: queue q is a quorum: it is always durable',
    '',
  ],
  [
    'two types',
    'queues: [{ name: q, type: quorum, arguments: { x-queue-type: classic } }]',
    '1:62: queue q has type quorum and x-queue-type classic',
    '',
  ],
  [
    'a name that is too long',
    `queues: [{ name: ${'é'.repeat(128)} }]`,
    '1:18: queues.0.name: is longer than the 255 bytes',
    '',
  ],
];

test.each(wrong)('%s', async (_, text, begins, suggests) => {
  const told = await complaint(text);
  expect(told.startsWith(begins), told).toBe(true);
  expect(told.slice(told.indexOf(' → '))).toContain(suggests);
});

test('of several errors the first is told, and where the others are', async () => {
  await expect(
    parseClusterFile('plugns: []\nusers: [{ name: a, password: x, tag: [] }]\n', 'f'),
  ).rejects.toMatchObject({
    report: { where: 'f:1:1', why: expect.stringMatching(/^also f:2:33: unknown key 'tag' in users\.0/) },
  });
});

test('a password written out is fine for a cluster of this machine', async () => {
  expect(await complaint('users: [{ name: a, password: secret }]')).toBe('none');
});

test('anchors and aliases are read, and a mistake is shown where it is written', async () => {
  const text = 'ssh: &s { user: admin, prt: 22 }\nnodes: [{ name: a, address: 10.0.0.1, ssh: *s }]\n';
  expect(await complaint(text)).toMatch(/^1:24: unknown key 'prt' in ssh/);
});

const unwise: readonly (readonly [string, string, string])[] = [
  ['two nodes', hosts.replace(/.*server3.*\n/, ''), '1:1: with two nodes there is no majority'],
  [
    'four nodes',
    hosts.replace('profile', '  - { name: s4, address: 10.0.0.9 }\nprofile'),
    '1:1: 4 nodes outlive the loss of no more nodes than 3 do',
  ],
  ['no profile', hosts.replace('profile: quorum\n', ''), '1:1: without a profile'],
  [
    'one balancer',
    withFrontEnd('virtual_addresses: [10.0.0.9]').replace(/, \{ name: server5.*\}\]/, ']'),
    '7:10: with one balancer',
  ],
  ['no virtual address', withFrontEnd(''), '7:10: without a virtual address'],
  [
    'a virtual address of another network',
    withFrontEnd('virtual_addresses: [10.0.1.9/24]'),
    '8:23: balancer server4 (10.0.0.4) is not in the network of 10.0.1.9/24',
  ],
  ['a user without permissions', 'users: [{ name: a, password: x }]', '1:9: user a has no permissions'],
  [
    'a tag that is a slip',
    'users: [{ name: a, password: x, tags: [administrater], permissions: [{}] }]',
    '1:40: the tag administrater gives no right',
  ],
  [
    "a policy that takes the broker's queues too",
    'policies: [{ name: p, pattern: ^, definition: { ha-mode: all } }]',
    "1:32: the pattern '^' mirrors",
  ],
  [
    'a policy that hides mirrors',
    'profile: mirrored\npolicies: [{ name: p, pattern: a, definition: { expires: 1 } }]',
    '2:12: of all policies',
  ],
];

test.each(unwise)('unwise: %s', async (_, text, begins) => {
  const told = await warnings(text);
  expect(
    told.filter((one) => one.startsWith(begins)),
    told.join('\n'),
  ).toHaveLength(1);
  expect(told[0]).toMatch(/ → .+/);
});
