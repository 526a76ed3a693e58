/** One scenario, both engines, transcripts compared. */
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
    compare(title, ours, theirs);
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
        compare(name, ours, theirs);
      });
    }
  });
}

function compare(title: string, ours: string, theirs: string): void {
  if (process.env.WARREN_TRANSCRIPTS) console.log(`── ${title}\n${theirs}`);
  expect(theirs).not.toBe('');
  expect(ours).toBe(theirs);
}

export async function perform(
  scenario: Scenario,
  specification: NodeSpecification,
  vhost?: string,
): Promise<string> {
  const stage = new Stage(new EngineNode(specification), vhost);
  if (vhost === undefined) await stage.prepare();
  try {
    await scenario(stage);
  } finally {
    await stage.finish();
  }
  return stage.transcript.text;
}
