/**
 * What RabbitMQ 3.10.8's own tools printed, command after command on one node, and the same commands with these
 * tools on a bundled node. Lines are compared without their order: RabbitMQ's listings have none.
 */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { host, type Printed, Stage } from './stage.js';

interface Recorded extends Printed {
  line: string;
  input?: string;
}

const recorded = JSON.parse(
  readFileSync(new URL('expected/transcript.json', import.meta.url), 'utf8'),
) as Recorded[];

const stage = new Stage(['rabbitmq_management']);
beforeAll(async () => void (await stage.start('hare')));
afterAll(() => stage.close());

it.each(recorded)('$line', async ({ line, input, status, stdout, stderr }) => {
  const [tool, ...argv] = words(named(line));
  const printed = await stage.run(tool!, argv, input);
  expect(comparable(printed)).toEqual(comparable({ status, stdout: named(stdout), stderr: named(stderr) }));
});

const named = (text: string) =>
  text.replaceAll('NODE', `hare@${host}`).replaceAll('NAME', 'hare').replaceAll('HOST', host);

const comparable = ({ status, stdout, stderr }: Printed) => ({
  status,
  stdout: unordered(stdout),
  stderr: unordered(stderr),
});

/** A comma before a row of JSON says only that it was not the first. */
const unordered = (text: string) =>
  text
    .split('\n')
    .map((line) => line.replace(/^[ ,[](?=[{[])|(?<=\}\])[,\]]$/g, '').replace(/,$/, ''))
    .sort();

/** As a shell splits them: quotes hold together. */
function words(line: string): string[] {
  const found = line.match(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g) ?? [];
  return found.map((word) => word.replace(/'([^']*)'|"([^"]*)"/g, (_, single, double) => single ?? double));
}
