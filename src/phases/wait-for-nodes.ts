import type { NodeRecord } from '../drivers/local-state/record.js';
import { ManagementApi } from '../drivers/management-api/client.js';
import type { ApiNode } from '../drivers/management-api/types.js';
import { accepts } from '../drivers/procfs/listener.js';
import { WarrenError } from '../errors/warren-error.js';
import type { LocalContext } from './local-context.js';
import type { Phase } from './phase.js';
import { startFailure, startTimeout } from './start-failure.js';
import { wait } from './wait.js';

/**
 * Each node is ready when it takes AMQP connections and itself says that all
 * nodes that this is about run. Both are asked often and cost next to nothing; a
 * process that ends in the meantime is told at once, with what it said last.
 */
export const waitForNodes: Phase<LocalContext> = {
  title: 'Wait until every node sees the others',
  async run(context, door) {
    if (door.shut) return;
    const ended = new AbortController();
    const signal = AbortSignal.any([context.surroundings.signal, ended.signal]);
    try {
      await Promise.all(context.nodes.map((node) => readyOrEnded(context, node, signal)));
    } finally {
      ended.abort(new Error('another node failed'));
    }
  },
};

async function readyOrEnded(context: LocalContext, node: NodeRecord, signal: AbortSignal): Promise<void> {
  const process = context.launched.get(node.name);
  const ready = waitUntilReady(context, node, signal);
  if (!process) return ready;
  const death = process.ended.then(async (end) => {
    const how = end.signal ? `its process was ended by ${end.signal}` : `it exited with status ${end.status}`;
    throw await startFailure(context, node, how);
  });
  await Promise.race([ready, death]);
}

/** A node that only waits for the others gives up a little later than they do: the error names the culprit. */
const blameOthersMs = 1_000;

/** Milliseconds. Asked more often, the asking takes the processors that the nodes start with. */
const betweenLooks = 25;

async function waitUntilReady(context: LocalContext, node: NodeRecord, signal: AbortSignal): Promise<void> {
  const expected = context.nodes.map((peer) => peer.name);
  const api = ManagementApi.ofPort(node.managementPort);
  const deadline = performance.now() + context.timeoutMs;
  let waitedFor = 'its AMQP port';
  let patience = 0;
  try {
    while (performance.now() < deadline + patience) {
      signal.throwIfAborted();
      if (await accepts(node.amqpPort)) {
        const missing = await notRunning(api, expected);
        if (missing.length === 0) return;
        waitedFor = `${missing.join(', ')} to run in its view`;
        patience = blameOthersMs;
      }
      await wait(betweenLooks, signal);
    }
  } finally {
    api.close();
  }
  throw await startTimeout(context, node, waitedFor);
}

/** Those that the node does not see running; itself, while its API does not answer yet. */
async function notRunning(api: ManagementApi, expected: readonly string[]): Promise<readonly string[]> {
  try {
    const seen = await api.get<ApiNode[]>('/nodes?columns=name,running', 2_000);
    const running = new Set(seen.filter((node) => node.running).map((node) => node.name));
    return expected.filter((name) => !running.has(name));
  } catch (error) {
    const early = error instanceof WarrenError && error.code !== 'API_REFUSED_LOGIN';
    if (early) return ['its management API'];
    throw error;
  }
}
