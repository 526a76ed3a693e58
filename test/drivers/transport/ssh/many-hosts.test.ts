import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { testFolder, testNetwork } from './one-host.js';

/** The hosts live in a process of their own, so that what is measured is ours. */
async function manyHosts(count: number) {
  const child = fork(join(import.meta.dirname, 'many-hosts.js'), [`${count}`], { stdio: 'inherit' });
  onTestFinished(() => void child.kill());
  const [ports] = (await once(child, 'message')) as [number[]];
  return ports;
}

it('200 hosts at once answer, each over one connection, within bounds of memory, and all is let go of', async () => {
  const ports = await manyHosts(200);
  const network = testNetwork();
  const knownHosts = join(testFolder(), 'known_hosts');
  const before = process.memoryUsage().rss;
  const transports = ports.map((port, at) =>
    network.transport({
      host: `server${at}`,
      address: `127.1.0.${at + 1}`,
      port,
      user: 'root',
      password: 'any',
      knownHosts,
    }),
  );
  const output = 'facts '.repeat(2000);
  const results = await Promise.all(
    transports.map(async (transport) => {
      const first = await transport.run('facts', [transport.host], { readOnly: true });
      const second = await transport.run('facts', [transport.host], { readOnly: true });
      return [first, second];
    }),
  );
  for (const [at, pair] of results.entries())
    for (const { status, stdout } of pair)
      expect({ at, status, stdout }).toEqual({ at, status: 0, stdout: `server${at} ${output}` });
  expect((process.memoryUsage().rss - before) / 2 ** 20).toBeLessThan(300);
  await network.close();
  const sockets = process.getActiveResourcesInfo().filter((one) => one === 'TCPSocketWrap');
  expect(sockets).toEqual([]);
}, 120_000);
