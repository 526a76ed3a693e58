import { expect, test } from 'vitest';
import { filled } from '../../src/cluster-file/filled.js';
import { SecretText } from '../../src/cluster-file/secret.js';
import type { Gathered } from '../../src/operations/import/gather.js';
import { importedNodes } from '../../src/operations/import/nodes.js';
import { withoutPasswords } from '../../src/operations/import/passwords.js';

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
