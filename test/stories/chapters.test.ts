/**
 * The notes' chapters 3 to 9, as their PHP programs, each publisher on one node of a
 * bundled cluster and its consumers on another; then against RabbitMQ. Both must print
 * the same, and what the chapter promises.
 */
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type EngineCluster, startCluster } from '../engines/cluster.js';
import { emptyDefaultVhost } from '../engines/empty.js';
import { bundled, installed } from '../engines/engine.js';
import { EngineNode } from '../engines/node.js';
import { run, start } from './program.js';

type Story = (publishers: EngineNode, consumers: EngineNode) => Promise<string[]>;

const twins = inject('twins');
let cluster: EngineCluster;
let rabbitmq: EngineNode;

describe.skipIf(!installed.php || !twins)('the notes, chapter by chapter', () => {
  beforeAll(async () => {
    cluster = await startCluster(bundled, 3);
    rabbitmq = new EngineNode(twins!.rabbitmq);
    await cluster.nodes[0]!.ctl(
      'set_policy',
      'ha-all',
      '^(?!amq\\.)',
      '{"ha-mode":"all"}',
      '--apply-to',
      'queues',
    );
  });
  afterAll(async () => {
    await emptyDefaultVhost(rabbitmq);
    await cluster?.destroy();
  });

  async function tell(story: Story): Promise<string[]> {
    const [first, second] = cluster.nodes as [EngineNode, EngineNode];
    const ours = await story(first, second);
    const theirs = await story(rabbitmq, rabbitmq);
    expect(ours).toEqual(theirs);
    return ours;
  }

  it('3: a message through the default exchange', async () => {
    const [sent, received] = await tell(async (publishers, consumers) => {
      const consumer = start(consumers, 'chapter-3/receive.php');
      await consumer.prints('Waiting');
      const sent = await run(publishers, 'chapter-3/send.php');
      await consumer.prints('Received');
      return [sent, await consumer.stop()];
    });
    expect(sent).toBe(" [x] Sent 'Hello World!'\n");
    expect(received).toBe(' [*] Waiting for messages\n [x] Received Hello World!\n');
  });

  it('4: tasks go in turn to the workers', async () => {
    const outputs = await tell(async (publishers, consumers) => {
      const one = start(consumers, 'chapter-4/worker.php');
      await one.prints('Waiting');
      const two = start(consumers, 'chapter-4/worker.php');
      await two.prints('Waiting');
      await settle();
      const sent: string[] = [];
      for (const task of ['First.', 'Second.', 'Third.', 'Fourth.']) {
        sent.push(await run(publishers, 'chapter-4/new-task.php', task));
      }
      await one.prints('Done', 2);
      await two.prints('Done', 2);
      return [...sent, ...[await one.stop(), await two.stop()].sort()];
    });
    expect(outputs.slice(4).map((output) => output.match(/Received \w+/g)?.length)).toEqual([2, 2]);
  });

  it('4: a task of a worker that dies goes to another', async () => {
    const [died, survived] = await tell(async (publishers, consumers) => {
      const dying = start(consumers, 'chapter-4/dying-worker.php');
      await dying.prints('Waiting');
      await run(publishers, 'chapter-4/new-task.php', 'Precious');
      const died = await dying.ends();
      const worker = start(consumers, 'chapter-4/worker.php');
      await worker.prints('Done');
      return [died, await worker.stop()];
    });
    expect(died).toContain('Received Precious and dies');
    expect(survived).toContain('Received Precious');
  });

  it('5: a fanout exchange copies to every temporary queue, and to none when there is none', async () => {
    const [lost, sent, one, two] = await tell(async (publishers, consumers) => {
      const lost = await run(publishers, 'chapter-5/emit-log.php', 'nobody listens');
      const receivers = [
        start(consumers, 'chapter-5/receive-logs.php'),
        start(publishers, 'chapter-5/receive-logs.php'),
      ];
      for (const receiver of receivers) await receiver.prints('Waiting');
      await settle();
      const sent = await run(publishers, 'chapter-5/emit-log.php', 'warning:', 'disk', 'full');
      for (const receiver of receivers) await receiver.prints('disk full');
      return [lost, sent, await receivers[0]!.stop(), await receivers[1]!.stop()];
    });
    expect(lost).toBe(' [x] Sent nobody listens\n');
    expect(sent).toBe(' [x] Sent warning: disk full\n');
    expect(one).toBe(' [*] Waiting for logs. To exit press CTRL+C\n [x] warning: disk full\n');
    expect(two).toBe(one);
  });

  const selective = (chapter: number, bindings: string[][], keys: string[]): Story => {
    return async (publishers, consumers) => {
      const receivers = bindings.map((keys) => start(consumers, `chapter-${chapter}/receive.php`, ...keys));
      for (const receiver of receivers) await receiver.prints('Waiting');
      await settle();
      const sent: string[] = [];
      for (const key of keys)
        sent.push(await run(publishers, `chapter-${chapter}/emit.php`, key, `told ${key}`));
      sent.push(await run(publishers, `chapter-${chapter}/emit.php`, bindings[0]![0]!, 'the last one'));
      await receivers[0]!.prints('the last one');
      await settle();
      return [...sent, ...(await Promise.all(receivers.map((receiver) => receiver.stop())))];
    };
  };

  it('6: a direct exchange selects by routing key', async () => {
    const story = selective(
      6,
      [['info', 'warning', 'error'], ['error']],
      ['info', 'warning', 'error', 'debug'],
    );
    const outputs = await tell(story);
    expect(outputs.at(-2)).toContain(
      ' [x] info:told info\n [x] warning:told warning\n [x] error:told error\n',
    );
    expect(outputs.at(-1)).toBe(' [*] Waiting for logs. To exit press CTRL+C\n [x] error:told error\n');
  });

  it('6: a receiver without severities is told how to be called', async () => {
    const [usage] = await tell(async (_, consumers) => [
      (await run(consumers, 'chapter-6/receive.php')).replace(/Usage: \S+/, 'Usage: FILE'),
    ]);
    expect(usage).toBe('Usage: FILE [severity]\n');
  });

  it('7: a topic exchange selects by patterns', async () => {
    const bindings = [['*.orange.*'], ['*.*.rabbit', 'lazy.#'], ['#']];
    const keys = [
      'quick.orange.rabbit',
      'lazy.orange.elephant',
      'quick.brown.fox',
      'lazy',
      'lazy.a.b.c',
      'orange',
    ];
    const outputs = await tell(selective(7, bindings, keys));
    expect(outputs.at(-3)).toContain('quick.orange.rabbit:told');
    expect(outputs.at(-3)).not.toContain('quick.brown.fox');
    expect(outputs.at(-2)).toContain('lazy.a.b.c:told');
    expect(outputs.at(-2)).toContain('lazy:told');
    expect(outputs.at(-1)).toContain(' orange:told');
  });

  it('8: a delay of expiry and dead letters, the lower time counts', async () => {
    const [sent, short, received] = await tell(async (publishers, consumers) => {
      const sent = await run(publishers, 'chapter-8/send.php', '60000');
      const consumer = start(consumers, 'chapter-8/receive.php');
      await consumer.prints('Received');
      const short = await run(publishers, 'chapter-8/send.php', '100');
      await consumer.prints('Received', 2);
      await consumer.prints('died in', 2);
      return [sent, short, await consumer.stop()].map(withoutTimes);
    });
    expect(sent).toBe("TIME [x] Sent 'Hello World!' \n");
    expect(short).toBe(sent);
    const death = '  died in cache_queue because expired, times 1\n';
    expect(received).toBe(
      ` [*] Waiting for message. To exit press CTRL+C \nTIME [x] ReceivedHello World60000\n${death}TIME [x] ReceivedHello World100\n${death}`,
    );
  });

  it('9: confirms: acked, returned, nacked', async () => {
    const [output] = await tell(async (publishers) => [await run(publishers, 'chapter-9/confirm.php')]);
    expect(output).toBe(
      [
        " [x] Sent 'Hello World!'",
        'Message acked with content kingblanc!',
        'Message returned with content nowhere!: 312 NO_ROUTE',
        'Message acked with content nowhere!',
        'Message nacked with content refused!',
        '',
      ].join('\n'),
    );
  });

  it('9: a transaction', async () => {
    const [output] = await tell(async (publishers) => [await run(publishers, 'chapter-9/transaction.php')]);
    expect(output).toBe('before 0, uncommitted 0, after 1\ngot committed\n');
  });

  it('9: confirms and transactions exclude each other', async () => {
    const [output] = await tell(async (publishers) => [await run(publishers, 'chapter-9/mixed.php')]);
    expect(output).toContain('PRECONDITION_FAILED - cannot switch from confirm to tx mode');
  });
});

/** A consumer that prints "Waiting" is about to subscribe: its subscription follows within this time. */
function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 500));
}

function withoutTimes(text: string): string {
  return text.replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, 'TIME');
}
