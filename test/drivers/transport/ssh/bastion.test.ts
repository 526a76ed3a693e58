import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { reportOfFailure, targetOf, testFolder, testNetwork, testServer } from './one-host.js';

describe('hosts behind a bastion', () => {
  it('are reached over one connection to it, each with its own key checked', async () => {
    const knownHosts = join(testFolder(), 'known_hosts');
    const between = await testServer();
    const hosts = await Promise.all([1, 2, 3].map(() => testServer()));
    const network = testNetwork();
    const { host: _, ...bastion } = targetOf(between, { knownHosts, user: 'jump' });
    const results = await Promise.all(
      hosts.map((server) =>
        network.transport(targetOf(server, { bastion, knownHosts })).run('echo', ['here']),
      ),
    );
    expect(results.map(({ stdout }) => stdout)).toEqual(['here\n', 'here\n', 'here\n']);
    expect(between.accepted).toBe(1);
    expect(between.commands).toEqual([]);
    expect(hosts.map(({ accepted }) => accepted)).toEqual([1, 1, 1]);
  });

  it('say which of the two does not answer', async () => {
    const between = await testServer();
    const { host: _, ...bastion } = targetOf(between);
    const behind = testNetwork().transport(targetOf({ port: 1 }, { bastion }));
    expect((await reportOfFailure(behind.run('true', []))).message).toMatch(
      /^no SSH connection to server1 \(127\.0\.0\.1:1\): from 127\.0\.0\.1:\d+: /,
    );
    const server = await testServer();
    const beyond = testNetwork().transport(targetOf(server, { bastion: { ...bastion, port: 1 } }));
    expect((await reportOfFailure(beyond.run('true', []))).message).toContain('127.0.0.1:1');
  });

  it('are reached again after the bastion was gone', async () => {
    const between = await testServer();
    const server = await testServer();
    const { host: _, ...bastion } = targetOf(between);
    const transport = testNetwork().transport(targetOf(server, { bastion }));
    await transport.run('true', []);
    between.hangUp();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect((await transport.run('echo', ['again'])).stdout).toBe('again\n');
    expect(between.accepted).toBe(2);
  });
});
