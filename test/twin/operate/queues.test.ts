import { afterAll, beforeAll, expect, test } from 'vitest';
import { onBoth } from './stage.js';

onBoth('queues', (warren) => {
  const { node } = warren;
  beforeAll(async () => {
    await node.api('PUT', 'vhosts/operate');
    await node.api('PUT', 'permissions/operate/guest', { configure: '.*', write: '.*', read: '.*' });
  });
  afterAll(() => node.api('DELETE', 'vhosts/operate'));

  const inVhost = ['--vhost', 'operate'];

  test('declared once, left as it is the second time, refused with other properties', async () => {
    const declare = ['queue', 'declare', 'orders', ...inVhost, '--argument', 'x-max-length=9'];
    expect(await warren.said(declare)).toBe('queue orders in vhost operate: declared.\n');
    expect(await warren.said(declare)).toBe('queue orders in vhost operate: was there already.\n');
    expect(await warren.run([...declare, '--no-durable'])).toMatchObject({
      status: 65,
      stderr: expect.stringContaining("inequivalent arg 'durable' for queue 'orders' in vhost 'operate'"),
    });
    expect(await warren.json(['queue', 'show', 'orders', ...inVhost])).toMatchObject({
      name: 'orders',
      durable: true,
      arguments: { 'x-max-length': 9 },
    });
  });

  test('what is not there is named: the queue, or its vhost', async () => {
    expect(await warren.run('queue delete none --vhost operate --yes')).toMatchObject({
      status: 69,
      stderr: expect.stringContaining("no queue 'none' in vhost 'operate'"),
    });
    for (const line of [
      'queue show x --vhost none',
      'queue declare x --vhost none',
      'queue list --vhost none',
    ]) {
      expect(await warren.run(line), line).toMatchObject({ status: 69 });
    }
    expect((await warren.run('queue declare x --vhost none')).stderr).toContain("there is no vhost 'none'");
  });

  test('what destroys needs a word where nobody can be asked', async () => {
    await warren.said('queue declare kept --vhost operate');
    for (const verb of ['delete', 'purge']) {
      const refused = await warren.run(['queue', verb, 'kept', ...inVhost], {}, '');
      expect(refused).toMatchObject({ status: 64, stderr: expect.stringContaining('--yes') });
    }
    await node.api('POST', 'exchanges/operate/amq.default/publish', {
      properties: {},
      routing_key: 'kept',
      payload: 'x',
      payload_encoding: 'string',
    });
    expect((await warren.run('queue delete kept --if-empty --vhost operate --yes')).status).toBe(65);
    expect(await warren.said('queue purge kept --vhost operate --yes')).toContain('purged');
    expect(await warren.said('queue delete kept --vhost operate --yes')).toContain('deleted');
  });

  test('lists: columns, order, filter, limit, CSV, and a slip of the hand', async () => {
    for (const name of ['a-1', 'a-2', 'b "quoted", with a comma']) {
      await warren.said(['queue', 'declare', name, ...inVhost, '--argument', 'x-expires=600000']);
    }
    const list = ['queue', 'list', ...inVhost, '--columns', 'name,durable'];
    expect(await warren.said([...list, '--filter', '^a-', '--sort', 'name', '--reverse'])).toBe(
      'NAME  DURABLE\na-2   yes\na-1   yes\n',
    );
    expect(await warren.said([...list, '--filter', '^[ab]', '--limit', '1', '--csv'])).toBe(
      'name,durable\na-1,true\n',
    );
    expect(await warren.said([...list, '--filter', '^b', '--csv'])).toContain(
      '\n"b ""quoted"", with a comma",true\n',
    );
    expect(await warren.json([...list, '--filter', '2$'])).toEqual([{ name: 'a-2', durable: true }]);
    expect(await warren.said([...list, '--filter', '^nothing'])).toBe('None.\n');
    expect(
      await warren.said('queue list --vhost operate --filter ^a-1 --columns arguments.x-expires,name'),
    ).toBe('ARGUMENTS.X-EXPIRES  NAME\n600000               a-1\n');
    expect(await warren.run('queue list --columns nane')).toMatchObject({
      status: 64,
      stderr: expect.stringContaining('did you mean name?'),
    });
    expect((await warren.run(['queue', 'list', '--filter', '('])).status).toBe(64);
  });

  test('a name that would move the cursor is shown as it is written', async () => {
    await warren.said(['queue', 'declare', 'bad\u001b[2Jname', ...inVhost]);
    const text = await warren.said(['queue', 'list', ...inVhost, '--filter', 'bad', '--columns', 'name']);
    expect(text).toBe('NAME\nbad\\u001b[2Jname\n');
  });

  test('more queues than a page holds come page by page', async () => {
    const queues = Array.from({ length: 600 }, (_, i) => ({
      name: `many-${i}`,
      vhost: 'operate',
      durable: false,
      auto_delete: false,
      arguments: {},
    }));
    await node.api('POST', 'definitions', { queues });
    const list = ['queue', 'list', ...inVhost, '--filter', '^many', '--columns', 'name'];
    const rows = await warren.json<{ name: string }[]>(list);
    expect(new Set(rows.map(({ name }) => name)).size).toBe(600);
    expect(await warren.json([...list, '--limit', '7'])).toHaveLength(7);
  });

  test('members, and leaders spread', async () => {
    expect(await warren.json(['queue', 'members', 'orders', ...inVhost])).toMatchObject([
      { node: node.name, role: 'leader' },
    ]);
    expect(await warren.said('queue rebalance')).toContain('being spread over the nodes');
  });
});
