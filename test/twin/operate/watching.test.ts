/** What watches a cluster finds it as what operates it does: by WARREN_URL, with the password apart from it. */
import { expect, it } from 'vitest';
import { onBoth } from './stage.js';

onBoth('watching by WARREN_URL', (warren) => {
  it('health, backlog, metrics, monitor and trace status need no flag', async () => {
    const { body } = await warren.node.api('GET', 'cluster-name');
    const { name: cluster } = body as { name: string };
    expect(await warren.json('metrics')).toMatchObject({ cluster, figures: { up: 1 } });
    const health = await warren.run('health --json');
    expect(JSON.parse(health.stdout)).toMatchObject({ cluster });
    expect(await warren.json('backlog')).toMatchObject({ queues: expect.any(Array) });
    expect(await warren.said('trace status')).toContain(warren.node.name);
  });

  it('a password is taken from WARREN_PASSWORD, and nothing of it is shown', async () => {
    const { management } = warren.node.specification.ports;
    const WARREN_URL = `http://guest@127.0.0.1:${management}`;
    const found = await warren.run('metrics', { WARREN_URL, WARREN_PASSWORD: 'guest' });
    expect(found).toMatchObject({ status: 0, stdout: expect.stringContaining('warren_') });
    const without = await warren.run('metrics', { WARREN_URL }, '');
    expect(without).toMatchObject({ status: 77, stderr: expect.stringContaining('WARREN_PASSWORD') });
  });

  it('an address that is none is refused in a sentence', async () => {
    for (const url of ['ftp://guest:secret@localhost', 'localhost:15672']) {
      const { status, stderr } = await warren.run(['metrics', '--url', url]);
      expect({ status, stderr }).toMatchObject({
        status: 64,
        stderr: expect.stringContaining('management URL'),
      });
      expect(stderr).not.toContain('secret');
    }
  });

  it('with https TLS is spoken', async () => {
    const { amqp } = warren.node.specification.ports;
    const { stderr } = await warren.run([
      'trace',
      'status',
      '--url',
      `https://guest:guest@127.0.0.1:${amqp}`,
    ]);
    expect(stderr).toContain('TLS');
  });
});
