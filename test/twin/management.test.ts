/**
 * The scenarios of test/broker/management on whole nodes: RabbitMQ answers what was recorded of it, so the
 * record is true, and so does the bundled engine. `vitest -u` records anew (on RabbitMQ alone).
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { liveClients } from '../broker/management/live-clients.js';
import { tracedLog } from '../broker/management/traced-log.js';
import { connectionNamed, play, type Target } from '../broker/management/transcript.js';
import { engines } from '../engines/engine.js';
import { EngineNode } from '../engines/node.js';
import { freePorts } from '../engines/ports.js';
import { until } from '../engines/until.js';

const folder = path.resolve(import.meta.dirname, '../broker/management');
const scenario = (name: string) => readFile(path.join(folder, 'scenarios', `${name}.txt`), 'utf8');
const recorded = (name: string) => path.join(folder, 'transcripts', `${name}.txt`);
/** RabbitMQ collects statistics every 5 seconds; the second time tells what is idle. */
const collected = 11_000;
/** What is listed and is no more, RabbitMQ forgets every two minutes (rabbit_mgmt_gc). */
const forgotten = 150_000;

describe.skipIf(!inject('twins')).each(engines)('the management API of $name', (engine) => {
  let node: EngineNode;
  let home: string;

  beforeAll(async () => {
    home = await mkdtemp(path.join(os.tmpdir(), 'warren-management-'));
    const shortName = `management-${engine.name}-${process.pid}`;
    const environment = {
      RABBITMQ_SERVER_START_ARGS: `-rabbitmq_tracing directory "${path.join(home, 'traces')}"`,
    };
    node = new EngineNode({ engine, shortName, ports: await freePorts(), home, environment });
    await node.start();
  });

  afterAll(async () => {
    await node.stop();
    await rm(home, { recursive: true, force: true });
  });

  const target = (): Target => ({ port: node.specification.ports.management, nodes: [node.name] });

  const statusOf = async (route: string) => (await node.api('GET', route)).status;

  /** The aliveness test's own connection, to another vhost, is gone at once and now and then listed still. */
  const nobodyElse = async () => {
    const listed = await node.api('GET', 'connections?columns=vhost');
    return JSON.stringify(listed.body) === '[{"vhost":"/"},{"vhost":"/"}]';
  };

  /** RabbitMQ is held to every word of its record. */
  const excused = (name: string) =>
    engine.name === 'rabbitmq' ? Promise.resolve('') : readFile(recorded(name), 'utf8');

  it('objects and who may do what with them', async () => {
    const transcript = await play(await scenario('objects'), target(), await excused('objects'));
    await expect(transcript).toMatchFileSnapshot(recorded('objects'));
  });

  it('clients at work', async () => {
    const { amqp, management } = node.specification.ports;
    const clients = await liveClients(amqp);
    await until('nobody else is listed', nobodyElse, forgotten);
    await pause(collected);
    const connection = await connectionNamed(management, 'publisher');
    const transcript = await play(await scenario('live'), { ...target(), connection }, await excused('live'));
    await clients.close();
    await expect(transcript).toMatchFileSnapshot(recorded('live'));
  }, 240_000);

  // Last: what it publishes counts in the vhost's figures.
  it('traces and their files, of a plugin enabled and disabled while it runs', async () => {
    const plugins = (verb: string) => node.run('rabbitmq-plugins', verb, 'rabbitmq_tracing');
    expect(await statusOf('traces')).toBe(404);
    expect(await plugins('enable')).toMatchObject({ status: 0 });
    const transcript = await play(await scenario('tracing'), target(), await excused('tracing'));
    const log = await tracedLog(node);
    expect(await plugins('disable')).toMatchObject({ status: 0 });
    expect(await statusOf('traces')).toBe(404);
    await expect(transcript).toMatchFileSnapshot(recorded('tracing'));
    await expect(log).toMatchFileSnapshot(recorded('trace-log'));
  });
});
