/** One scenario, both engines, transcripts compared. */
import { expect, inject, it } from 'vitest';
import { EngineNode, type NodeSpecification } from '../engines/node.js';
import { Stage } from './stage.js';

export type Scenario = (stage: Stage) => Promise<void>;

export function twin(title: string, scenario: Scenario): void {
  const twins = inject('twins');
  it.skipIf(!twins)(title, async () => {
    const [ours, theirs] = await Promise.all([
      perform(scenario, twins!.bundled),
      perform(scenario, twins!.rabbitmq),
    ]);
    if (process.env.WARREN_TRANSCRIPTS) console.log(`── ${title}\n${theirs}`);
    expect(theirs).not.toBe('');
    expect(ours).toBe(theirs);
  });
}

export async function perform(scenario: Scenario, specification: NodeSpecification): Promise<string> {
  const stage = new Stage(new EngineNode(specification));
  await stage.prepare();
  try {
    await scenario(stage);
  } finally {
    await stage.finish();
  }
  return stage.transcript.text;
}
