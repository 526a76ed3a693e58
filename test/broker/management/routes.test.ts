/**
 * The scenarios, played against this node's API, answer what RabbitMQ 3.10.8 answered (recorded in
 * `transcripts/`; test/twin plays them against RabbitMQ itself).
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type LiveClients, liveClients } from './live-clients.js';
import { type Stage, stage } from './stage.js';
import { answersIn, connectionNamed, excusing, step } from './transcript.js';

const folder = (name: string) => path.join(import.meta.dirname, name);

const recorded = (scenario: string) => answersIn(readFileSync(folder(`transcripts/${scenario}.txt`), 'utf8'));

let at: Stage;
let connection = '';

afterEach(() => {
  expect(at.log.filter((line) => line.startsWith('HTTP API:'))).toEqual([]);
});

async function check(request: string, answer: string): Promise<void> {
  const lines = await step(request, { port: at.port, nodes: [at.node], connection });
  expect(excusing(lines, answer).join('\n')).toBe(answer);
}

describe('objects', () => {
  beforeAll(async () => {
    at = await stage();
  });
  afterAll(() => at.close());

  it.each(recorded('objects'))('%s', check);
});

describe('tracing', () => {
  beforeAll(async () => {
    at = await stage(['rabbitmq_tracing']);
  });
  afterAll(() => at.close());

  it.each(recorded('tracing'))('%s', check);
});

describe('live', () => {
  let clients: LiveClients;
  beforeAll(async () => {
    at = await stage();
    clients = await liveClients(at.amqpPort);
    // RabbitMQ was asked after its interval of statistics, twice.
    for (let round = 0; round < 4; round++) at.clock.advance(5000);
    connection = await connectionNamed(at.port, 'publisher');
  });
  afterAll(async () => {
    await clients.close();
    await at.close();
  });

  it.each(recorded('live'))('%s', check);
});
