/**
 * One scenario, both engines, transcripts compared. What differs is looked at again on RabbitMQ, with more
 * patience: on a busy machine it may not have said all it had to say. What the bundled broker said stands.
 */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { EngineNode, type NodeSpecification } from '../engines/node.js';
import { Stage } from './stage.js';

export type Scenarios = Readonly<Record<string, Scenario>>;
export type Scenario = (stage: Stage) => Promise<void>;

export function twin(title: string, scenario: Scenario): void {
  const twins = inject('twins');
  it.skipIf(!twins)(title, async () => {
    const [ours, theirs] = await Promise.all([
      perform(scenario, twins!.bundled),
      perform(scenario, twins!.rabbitmq),
    ]);
    await compare(title, ours, theirs, () => perform(scenario, twins!.rabbitmq, undefined, patient));
  });
}

/** Many small scenarios one after the other in one vhost, which each finds empty: a fraction of the time. */
export function twins(title: string, scenarios: Scenarios): void {
  table(title, scenarios, it);
}

/** Those that declare nothing, and so can go on side by side: for refusals that a client waits seconds for. */
twins.atOnce = (title: string, scenarios: Scenarios): void => table(title, scenarios, it.concurrent);

function table(title: string, scenarios: Scenarios, each: typeof it | typeof it.concurrent): void {
  const both = inject('twins');
  const vhost = `twin-${randomUUID()}`;
  const onBoth = <T>(work: (specification: NodeSpecification) => Promise<T>) =>
    Promise.all([work(both!.bundled), work(both!.rabbitmq)]);
  describe.skipIf(!both)(title, () => {
    beforeAll(() => onBoth((specification) => new Stage(new EngineNode(specification), vhost).prepare()));
    afterAll(() => onBoth((specification) => new Stage(new EngineNode(specification), vhost).remove()));
    for (const [name, scenario] of Object.entries(scenarios)) {
      each(name, async () => {
        const [ours, theirs] = await onBoth((specification) => perform(scenario, specification, vhost));
        await compare(name, ours, theirs, () => perform(scenario, both!.rabbitmq, vhost, patient));
      });
    }
  });
}

/** Milliseconds in which even a busy RabbitMQ says all that it has to say. */
const patient = 1500;

async function compare(
  title: string,
  ours: string,
  theirs: string,
  again: () => Promise<string>,
): Promise<void> {
  const expected = ours === theirs ? theirs : await again();
  if (process.env.WARREN_TRANSCRIPTS) console.log(`── ${title}\n${expected}`);
  expect(expected).not.toBe('');
  expect(ours, firstDifference(ours, expected)).toBe(expected);
}

/** What stands in the message of a failure, since that alone is told at the end of all tests. */
function firstDifference(ours: string, theirs: string): string {
  const [own, other] = [ours.split('\n'), theirs.split('\n')];
  const at = own.findIndex((line, index) => line !== other[index]);
  const index = at < 0 ? own.length : at;
  return `line ${index + 1}, ours: ${own[index] ?? 'none'}\ntheirs: ${other[index] ?? 'none'}\n`;
}

export async function perform(
  scenario: Scenario,
  specification: NodeSpecification,
  vhost?: string,
  quiet?: number,
): Promise<string> {
  const stage = new Stage(new EngineNode(specification), vhost, quiet);
  if (vhost === undefined) await stage.prepare();
  try {
    await scenario(stage);
  } finally {
    await stage.finish();
  }
  return stage.transcript.text;
}
