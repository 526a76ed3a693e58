import { expect, test } from 'vitest';
import { filled } from '../../src/cluster-file/filled.js';
import { SecretText } from '../../src/cluster-file/secret.js';
import type { ApiListener } from '../../src/drivers/management-api/types.js';
import type { Gathered } from '../../src/operations/import/gather.js';
import { importedListeners } from '../../src/operations/import/listeners.js';
import { importedNodes } from '../../src/operations/import/nodes.js';
import { ownUsers } from '../../src/operations/import/objects.js';
import { withoutPasswords } from '../../src/operations/import/passwords.js';
import { type DefinedUser, nothingFound } from '../../src/phases/objects/definitions.js';

const nodes = (...names: string[]) =>
  importedNodes({ nodes: names.map((name) => ({ name, running: true })) } as unknown as Gathered);

test('nodes on hosts of their own have addresses', () => {
  expect(nodes('rabbit@mq1', 'rabbit@mq2')).toMatchObject({
    nodes: [
      { name: 'mq1', address: 'mq1' },
      { name: 'mq2', address: 'mq2' },
    ],
    onHosts: true,
    longNames: false,
  });
  expect(nodes('rabbit@mq1.example.com', 'rabbit@mq2.example.com').longNames).toBe(true);
  expect(nodes('bunny@mq1', 'rabbit@mq2').notes).toContain(
    'node bunny@mq1 would be named rabbit@mq1 by this file',
  );
});

test('nodes that share a host are of one machine', () => {
  expect(nodes('a@mq1', 'b@mq1')).toMatchObject({ nodes: [{ name: 'a' }, { name: 'b' }], onHosts: false });
  expect(nodes('a@localhost').onHosts).toBe(false);
  expect(nodes('rabbit-1@mq1').onHosts).toBe(false);
  expect(nodes('rabbit@mq1').onHosts).toBe(true);
});

test("Warren's own user is left out, and one of its name that somebody uses is not", () => {
  const user = (name: string, ...tags: string[]) => ({
    name,
    tags,
    password_hash: '',
    hashing_algorithm: '',
  });
  const named = (...users: DefinedUser[]) =>
    ownUsers({ ...nothingFound.definitions, users, permissions: [{ user: 'app', vhost: '/' }] }).map(
      ({ name }) => name,
    );
  expect(named(user('guest', 'administrator'), user('app'), user('warren-check', 'management'))).toEqual([
    'app',
  ]);
  expect(named(user('warren-check', 'administrator'))).toEqual(['warren-check']);
});

const tlsFiles = (name: string) => ({
  certfile: `/etc/ssl/${name}.pem`,
  keyfile: `/etc/ssl/${name}.key`,
  cacertfile: '/etc/ssl/ca.pem',
});
/** As RabbitMQ 3.10.8 shows it in /api/overview. */
const listener = (
  node: string,
  protocol: string,
  port: number,
  socket_opts: object = {},
  ip_address = '::',
) => ({ node, protocol, port, ip_address, socket_opts }) as ApiListener;
const tcp = { backlog: 128, nodelay: true, linger: [true, 0], exit_on_close: false };
const secure = (node: string, name: string, more: object = {}) => {
  const usual = {
    versions: ['tlsv1.3', 'tlsv1.2', 'tlsv1.1', 'tlsv1'],
    fail_if_no_peer_cert: false,
    verify: 'verify_none',
  };
  return listener(node, 'amqp/ssl', 5671, { ...tcp, ...usual, ...tlsFiles(name), ...more });
};

test('without TLS and on the usual ports nothing is said of listeners', () => {
  const listeners = ['a', 'b'].flatMap((node) => [
    listener(node, 'amqp', 5672, tcp),
    listener(node, 'clustering', 25672, []),
    listener(node, 'http', 15672),
  ]);
  expect(importedListeners(listeners)).toEqual({ config: {}, own: new Map(), notes: [] });
});

test('TLS: which files, what is asked of clients; what cannot be known is told to be copied', () => {
  const more = {
    verify: 'verify_peer',
    fail_if_no_peer_cert: true,
    versions: ['tlsv1.2'],
    depth: 2,
    password: 'hidden',
    ciphers: ['x'],
  };
  const { tls, config, notes } = importedListeners([
    listener('a', 'amqp', 5673, tcp),
    secure('a', 'all', more),
    secure('b', 'all', more),
    listener('a', 'http', 15672),
    listener('a', 'https', 15671, { ssl: true, ssl_opts: tlsFiles('all') }),
  ]);
  expect(tls).toEqual({
    certificate: 'file:tls/all.pem',
    key: 'file:tls/all.key',
    ca: 'file:tls/ca.pem',
    verify: 'verify_peer',
    fail_if_no_peer_cert: true,
  });
  expect(config).toEqual({
    'listeners.tcp.default': 5673,
    'ssl_options.depth': 2,
    'ssl_options.versions.1': 'tlsv1.2',
  });
  expect(notes).toEqual([
    expect.stringContaining('Copy them from the nodes into tls/ beside this file'),
    expect.stringContaining('give each its own'),
    'ssl_options not taken over, write them under config: password, ciphers',
  ]);
  expect(notes[0]).toContain('/etc/ssl/all.pem, /etc/ssl/all.key, /etc/ssl/ca.pem');
  expect(JSON.stringify(notes)).not.toContain('hidden');
});

test('TLS with files of each node, without the management API, without plain AMQP', () => {
  const { tls, own, notes } = importedListeners([
    secure('rabbit@a', 'a'),
    secure('rabbit@b', 'b'),
    listener('a', 'http', 15672),
  ]);
  expect(tls).toEqual({ ca: 'file:tls/ca.pem', management: false });
  const { nodes: written } = importedNodes(
    { nodes: ['rabbit@a', 'rabbit@b'].map((name) => ({ name, running: true })) },
    own,
  );
  expect(written[1]).toEqual({
    name: 'b',
    address: 'b',
    rabbitmq: { tls: { certificate: 'file:tls/b.pem', key: 'file:tls/b.key' } },
  });
  expect(notes.at(-1)).toContain('AMQP is taken over TLS alone');
});

test('listeners at certain addresses are named', () => {
  const { notes } = importedListeners([listener('rabbit@a', 'amqp', 5672, tcp, '10.0.0.1')]);
  expect(notes).toEqual([expect.stringContaining('rabbit@a 10.0.0.1:5672')]);
});

test('a password in an address becomes a reference, which becomes the address again', async () => {
  const value = { uri: ['amqp://me:p%40ss@h1/%2F', 'amqp://h2'], 'max-hops': 1 };
  const parameter = { component: 'federation-upstream', name: 'south-1', vhost: '/', value };
  const { values, notes } = withoutPasswords([parameter]);
  expect(values[0]?.value).toEqual({
    uri: ['amqp://me:$' + '{env:SOUTH_1_PASSWORD}@h1/%2F', 'amqp://h2'],
    'max-hops': 1,
  });
  expect(notes).toEqual([expect.stringContaining('SOUTH_1_PASSWORD')]);
  const sources = { env: { SOUTH_1_PASSWORD: 'p@ss' }, generated: async () => new SecretText('') };
  expect((await filled(values[0]?.value, 'secret', sources))()).toEqual(value);
  await expect(filled(values[0]?.value, 'secret', { ...sources, env: {} })).rejects.toMatchObject({
    code: 'SECRET_MISSING',
  });
});
