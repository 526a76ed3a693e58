/**
 * The scenarios, played against this node's API, answer what RabbitMQ 3.10.8 answered (recorded in
 * `transcripts/`; test/twin plays them against RabbitMQ itself).
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stage, stage } from './stage.js';
import { step } from './transcript.js';

const folder = (name: string) => path.join(import.meta.dirname, name);

/** What RabbitMQ said to each step, in order. */
function recorded(scenario: string): [request: string, answer: string][] {
  const text = readFileSync(folder(`transcripts/${scenario}.txt`), 'utf8');
  return text
    .split(/^> /m)
    .slice(1)
    .map((part) => {
      const [request = '', ...answer] = part.trimEnd().split('\n');
      return [request, answer.join('\n')];
    });
}

describe.each(['objects'])('%s', (scenario) => {
  let at: Stage;
  beforeAll(async () => {
    at = await stage();
  });
  afterAll(() => at.close());

  it.each(recorded(scenario))('%s', async (request, answer) => {
    const lines = await step(request, { port: at.port, nodes: [at.node] });
    expect(lines.join('\n')).toBe(answer);
  });
});
