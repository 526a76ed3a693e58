import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { wordsOf } from '../../commands/in-process.js';
import { linkExamples } from '../../commands/link-examples.js';
import { EngineNode } from '../../engines/node.js';
import { until } from '../../engines/until.js';
import { Operator } from './stage.js';

/** The bundled broker has neither; that it says so is tested elsewhere. */
const plugins = [
  'rabbitmq_federation',
  'rabbitmq_federation_management',
  'rabbitmq_shovel',
  'rabbitmq_shovel_management',
];

const twins = inject('twins');

describe.skipIf(!twins)('federation and shovels of RabbitMQ', () => {
  const node = new EngineNode(twins!.rabbitmq);
  const warren = new Operator(node);
  const uri = { NEAR: `amqp://guest:guest@127.0.0.1:${node.specification.ports.amqp}` };

  beforeAll(async () => {
    await node.run('rabbitmq-plugins', 'enable', ...plugins);
    await warren.said('queue declare from-here');
    await warren.said('queue declare to-there');
  });
  afterAll(async () => {
    await node.api('DELETE', 'parameters/shovel/%2F/away');
    await node.api('DELETE', 'vhosts/north');
    for (const queue of ['from-here', 'to-there', 'orders', 'archive', 'federated'])
      await node.api('DELETE', `queues/%2F/${queue}`);
    await node.run('rabbitmq-plugins', 'disable', ...plugins);
  });

  test.each(linkExamples)('%s', async (line) => {
    const run = await warren.run(wordsOf(line).slice(1), { SOUTH_URI: uri.NEAR });
    expect(run, run.stderr).toMatchObject({ status: 0 });
  });

  test('a shovel moves a message, is seen to run, and goes', async () => {
    const add = 'shovel add move --from env:NEAR --from-queue from-here --to-queue to-there';
    expect((await warren.run(add, uri)).stdout).toBe('shovel move in vhost /: set.\n');
    await until('it runs', async () => {
      const rows = await warren.json<{ name: string; state: string }[]>('shovel status --columns name,state');
      return rows.some(({ name, state }) => name === 'move' && state === 'running');
    });
    await warren.said(['publish', '--url', uri.NEAR, '--queue', 'from-here', 'moved']);
    await until('it is there', async () => (await warren.json<unknown[]>('get to-there')).length === 1);
    const list = await warren.said('shovel list');
    expect(list).toContain('from-here');
    expect(list).not.toContain('guest:guest');
    expect(list).toContain('guest:***@');
    await warren.said('shovel delete move --yes');
    expect((await warren.run('shovel delete move --yes')).stderr).toContain("no shovel 'move'");
    const typed = await warren.run([
      'shovel',
      'add',
      'x',
      '--from',
      uri.NEAR,
      '--from-queue',
      'a',
      '--to-queue',
      'b',
    ]);
    expect(typed.status).toBe(64);
    expect(typed.stderr).not.toContain('guest:guest');
    expect((await warren.run('shovel add x --from-queue a')).status).toBe(64);
  });

  test('what is published upstream arrives; the link is seen, and goes', async () => {
    const upstream = `${uri.NEAR}/north`;
    await warren.said('vhost add north');
    for (const vhost of ['north', '/'])
      await warren.said(['exchange', 'declare', 'shared', '--type', 'topic', '--vhost', vhost]);
    await warren.said('queue declare federated');
    await warren.said('binding add shared federated --routing-key order.#');
    const set = 'federation set north --uri env:NORTH --set max-hops=1';
    expect((await warren.run(set, { NORTH: upstream })).stdout).toBe(
      'federation-upstream north in vhost /: set.\n',
    );
    await warren.said('policy set federate ^shared$ federation-upstream-set=all --apply-to exchanges');
    await until('the link is seen', async () => {
      const rows = await warren.json<{ upstream: string; status: string }[]>('federation status');
      return rows.some(({ upstream, status }) => upstream === 'north' && status === 'running');
    });
    const publish = 'publish --exchange shared --routing-key order.new federated-message';
    await until('a message has come', async () => {
      // Until the link has bound upstream, nothing there takes the message.
      await warren.run([...publish.split(' '), '--url', upstream]);
      return (await warren.json<unknown[]>('get federated')).length > 0;
    });
    expect(await warren.said('get federated')).toContain('federated-message');
    const list = await warren.said('federation list');
    expect(list).toContain('max-hops=1');
    expect(list).not.toContain('guest:guest');
    await warren.said('policy delete federate --yes');
    await warren.said('federation delete north --yes');
    await until('the link is gone', async () => (await warren.said('federation status')) === 'None.\n');
    await warren.said('exchange delete shared --yes');
  });
});
