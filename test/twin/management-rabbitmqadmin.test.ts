/**
 * RabbitMQ's own `rabbitmqadmin`, a client of the management API that nobody here wrote: all its commands typed
 * against both engines, exit statuses and outputs compared.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { connect } from 'amqplib';
import { execa } from 'execa';
import { expect, inject, it } from 'vitest';
import { sorted } from '../broker/management/transcript.js';
import { EngineNode, type NodeSpecification } from '../engines/node.js';

const program = '/usr/bin/rabbitmqadmin';
const twins = inject('twins');
const vhost = 'admin-vhost';

/** `FILE` stands for a file of the session's own. */
const commands = `
declare vhost name=${vhost}
declare user name=admin-user password=secret tags=management
declare user name=admin-hashed password_hash=6VfHjKa4pXJTbYSqBZuFcBJ0eVBnhKqMqR8rC4hmUGLpaH7x tags=
declare permission vhost=${vhost} user=admin-user configure=.* write=.* read=.*
declare permission vhost=${vhost} user=guest configure=.* write=.* read=.*
-V ${vhost} declare exchange name=x type=topic
-V ${vhost} declare exchange name=y type=fanout auto_delete=true internal=true durable=false
-V ${vhost} declare exchange name=bad type=type-no-admin-heard-of
-V ${vhost} declare exchange name=x
-V ${vhost} declare queue name=q
-V ${vhost} declare queue name=q2 durable=false arguments={"x-max-length":5}
-V ${vhost} declare queue name=qq queue_type=classic
-V ${vhost} declare queue name=q durable=false
-V ${vhost} declare binding source=x destination=q routing_key=a.#
-V ${vhost} declare binding source=x destination=y destination_type=exchange routing_key=b
-V ${vhost} declare binding source=nosuch destination=q
-V ${vhost} declare policy name=p pattern=^q definition={"max-length":100} priority=2 apply-to=queues
-V ${vhost} declare policy name=p2 pattern=^q definition={"nosuch":1}
-V ${vhost} declare operator_policy name=o pattern=^q definition={"max-length":50} apply-to=queues
-V ${vhost} declare parameter component=nosuch name=n value={}
declare vhost_limit vhost=${vhost} name=max-queues value=100
-V ${vhost} publish exchange=x routing_key=a.b payload=hello
-V ${vhost} publish exchange=x routing_key=none payload=hello
-V ${vhost} publish routing_key=q payload=two properties={"delivery_mode":2,"headers":{"h":1}}
-V ${vhost} publish exchange=nosuch routing_key=a payload=x
-V ${vhost} get queue=q count=5
-V ${vhost} get queue=q count=1 ackmode=ack_requeue_false payload_file=FILE.payload
-V ${vhost} get queue=q ackmode=reject_requeue_false -f long
-V ${vhost} get queue=nosuch
-V ${vhost} purge queue name=q
-V ${vhost} purge queue name=nosuch
-V ${vhost} -f tsv list queues name durable auto_delete arguments
-V ${vhost} -f long list queues name durable
-V ${vhost} -f kvp list exchanges name type
-V ${vhost} -f bash list exchanges
-V ${vhost} list exchanges name type durable
-V ${vhost} list bindings
-V ${vhost} -f tsv list bindings source destination_type destination routing_key properties_key
list vhosts name
list users name tags
list permissions
list parameters
list policies
list operator_policies
list vhost_limits
list connections name
list connections user channels
list channels user number
list consumers consumer_tag queue.name
list nodes name type running
list nosuch
list
-V nosuch list queues
-S name -V ${vhost} list queues name
-R -S name -V ${vhost} list exchanges name
show overview rabbitmq_version object_totals.connections
show overview
show nosuch
export FILE.json
-V ${vhost} export FILE.vhost.json
import FILE.json
-V ${vhost} import FILE.vhost.json
import FILE.payload
close connection name=nosuch
-u admin-user -p secret list users
-u admin-user -p secret -V ${vhost} -f tsv list queues name
-u admin-user -p wrong list queues
-u admin-hashed -p x list queues
-V ${vhost} delete binding source=x destination_type=queue destination=q properties_key=a.%23
-V ${vhost} delete binding source=x destination_type=exchange destination=y properties_key=nosuch
-V ${vhost} delete exchange name=y
-V ${vhost} delete exchange name=nosuch
-V ${vhost} delete exchange name=amq.direct
-V ${vhost} delete queue name=q2
-V ${vhost} delete policy name=p
-V ${vhost} delete operator_policy name=o
-V ${vhost} delete parameter component=nosuch name=n
delete vhost_limit vhost=${vhost} name=max-queues
delete permission vhost=${vhost} user=admin-user
delete user name=admin-user
delete user name=admin-hashed
delete vhost name=${vhost}
delete vhost name=${vhost}
nosuch
--version
help subcommands
`.trim();

it.skipIf(!twins || !existsSync(program))(
  'every command of rabbitmqadmin',
  async () => {
    const [ours, theirs] = await Promise.all([twins!.bundled, twins!.rabbitmq].map(type));
    expect(theirs).toContain('queue declared');
    expect(ours).toBe(theirs);
  },
  300_000,
);

async function type(specification: NodeSpecification): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'warren-rabbitmqadmin-'));
  const node = new EngineNode(specification);
  const said: string[] = [];
  const client = await connect(node.url);
  await client.createChannel();
  try {
    await writeFile(path.join(folder, 'file.payload'), '');
    for (const command of commands.split('\n')) {
      const words = command.replaceAll('FILE', path.join(folder, 'file')).split(' ');
      const { management } = specification.ports;
      const { exitCode, stdout, stderr } = await execa(
        program,
        ['-H', '127.0.0.1', '-P', String(management), ...words],
        { reject: false, env: { HOME: folder, COLUMNS: '200' } },
      );
      said.push(`$ rabbitmqadmin ${command}`, `${exitCode}`, stdout, stderr);
    }
    said.push(await definitionsIn(path.join(folder, 'file.vhost.json')));
  } finally {
    await client.close();
    await rm(folder, { recursive: true, force: true });
  }
  return hide(said.join('\n'), node, folder);
}

async function definitionsIn(file: string): Promise<string> {
  const definitions = JSON.parse(await readFile(file, 'utf8')) as Record<string, { name?: string }[]>;
  const named = (rows: unknown) =>
    Array.isArray(rows) ? rows.map((row) => JSON.stringify(sorted(row))).sort() : rows;
  return JSON.stringify(
    Object.fromEntries(
      Object.entries(definitions)
        .sort()
        .map(([key, rows]) => [key, named(rows)]),
    ),
  );
}

/** What is another each time: names, ports, places, figures, and how wide a column they make. */
function hide(text: string, node: EngineNode, folder: string): string {
  const { amqp, management } = node.specification.ports;
  return (
    text
      .replaceAll(folder, 'FOLDER')
      .replaceAll(node.name, 'NODE')
      .replaceAll(String(management), 'HTTP')
      .replaceAll(String(amqp), 'AMQP')
      .replace(/127\.0\.0\.1:\d+ -> 127\.0\.0\.1:\w+/g, 'CONNECTION')
      // Which of the two words depends on what else RabbitMQ has heard of.
      .replace('unknown exchange type', 'invalid exchange type')
      .replace(/ {2,}/g, ' ')
      .replace(/-{3,}/g, '---')
      .replace(/warren-(?:rabbitmq|bundled)-\w+-1@\S+/g, 'NODE')
      // Messages of a node are counted every few seconds: what was purged a moment ago may stand there yet.
      .replace(/^(\| [\d.]+ \| NODE \|) \d+ \|/gm, '$1 MESSAGES |')
  );
}
