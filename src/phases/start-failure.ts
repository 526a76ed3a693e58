import type { NodeRecord } from '../drivers/local-state/record.js';
import { WarrenError } from '../errors/warren-error.js';
import type { LocalContext } from './local-context.js';

const tailLines = 20;

/** Why a node did not start, from what it said last. */
export async function startFailure(
  context: LocalContext,
  node: NodeRecord,
  ended: string,
): Promise<WarrenError> {
  const output = context.folders.node(node.name).output;
  const said = (await context.surroundings.transport.readFile(output)) ?? '';
  if (/node with name .* is already running on|already running on host/i.test(said)) {
    return WarrenError.of('NODE_NAME_IN_USE', { node: node.name }, { why: lastLines(said) });
  }
  return WarrenError.of(
    'NODE_START_FAILED',
    { node: node.name, ended },
    { why: lastLines(said) || 'it said nothing' },
  );
}

/** Why a node is not ready in time, with what it said last. */
export async function startTimeout(
  context: LocalContext,
  node: NodeRecord,
  waitedFor: string,
): Promise<WarrenError> {
  const said = (await context.surroundings.transport.readFile(context.folders.node(node.name).output)) ?? '';
  const seconds = context.timeoutMs / 1_000;
  return WarrenError.of(
    'NODE_START_TIMEOUT',
    { node: node.name, seconds, waitedFor },
    { why: lastLines(said) || 'it said nothing' },
  );
}

function lastLines(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.slice(-tailLines).join('\n');
}
