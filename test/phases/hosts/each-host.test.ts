import { expect, test } from 'vitest';
import { eachHost } from '../../../src/phases/hosts/each-host.js';
import { FakeCluster, threeNodes } from './fake-cluster.js';

test('an interruption is told when no host is worked on any more: until then the locks are needed', async () => {
  const cluster = await FakeCluster.of(threeNodes);
  const abort = new AbortController();
  const context = cluster.context({ signal: abort.signal });
  const over: string[] = [];
  let end = () => {};
  const slow = new Promise<void>((resolve) => {
    end = resolve;
  });
  const run = eachHost(context, context.hosts, 'Work', async ({ name }) => {
    if (name === 'server3') await slow;
    // By now all have begun.
    else await Promise.resolve();
    if (name === 'server1') abort.abort(new Error('Ctrl-C'));
    over.push(name);
    abort.signal.throwIfAborted();
  });
  setImmediate(end);
  await expect(run).rejects.toThrow('Ctrl-C');
  expect(over).toContain('server3');
  expect(context.failures.size).toBe(0);
});
