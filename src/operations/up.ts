import type { ClusterFile } from '../cluster-file/cluster-file.js';
import { notForHere } from '../cluster-file/local-settings.js';
import type { Engine } from '../drivers/engine/find.js';
import { findEngine } from '../drivers/engine/find.js';
import { observe } from '../drivers/engine/node-process.js';
import { clusterFolders, lockFile, removeEmptyFolders } from '../drivers/local-state/folders.js';
import { withLock } from '../drivers/local-state/lock.js';
import { type ClusterRecord, type NodeRecord, readRecord } from '../drivers/local-state/record.js';
import { WarrenError } from '../errors/warren-error.js';
import { applyDefinitions } from '../phases/apply-definitions.js';
import { checkPorts } from '../phases/check-ports.js';
import { launchNodes } from '../phases/launch-nodes.js';
import type { LocalContext, Surroundings } from '../phases/local-context.js';
import type { PhaseWatcher } from '../phases/phase.js';
import { runPhases } from '../phases/runner.js';
import { setHaPolicy } from '../phases/set-ha-policy.js';
import { type Verification, verifyMessages } from '../phases/verify-messages.js';
import { waitForNodes } from '../phases/wait-for-nodes.js';
import { writeNodeFiles } from '../phases/write-node-files.js';
import { type ClusterDescription, describeCluster } from './describe-cluster.js';
import { defaults, differences, newShape, reconfigured, type UpWishes } from './up-shape.js';

export interface UpOptions {
  readonly wishes: UpWishes;
  readonly file?: ClusterFile | undefined;
  readonly verify: boolean;
  readonly timeoutSeconds: number;
  readonly command: string;
  readonly watch: PhaseWatcher;
}

export interface UpResult extends ClusterDescription {
  /** Every node ran already, so nothing was started. */
  readonly already: boolean;
  readonly verification?: Verification['outcome'];
  /** What the user should know besides. */
  readonly notes: readonly string[];
}

/** Raises a cluster on this machine, or what is missing of it. */
export async function up(options: UpOptions, surroundings: Surroundings): Promise<UpResult> {
  const { state, now } = surroundings;
  const cluster = options.wishes.name ?? options.file?.name ?? defaults.name;
  // What is wrong with the wishes is said at once, also to one who would have to wait for the lock.
  await shapeOf(cluster, options, surroundings);
  const lock = { file: lockFile(state, cluster), cluster, command: options.command, now };
  try {
    return await withLock(lock, () => raise(cluster, options, surroundings));
  } catch (error) {
    await removeEmptyFolders(state);
    throw error;
  }
}

async function raise(name: string, options: UpOptions, surroundings: Surroundings): Promise<UpResult> {
  const { record, engine, fresh } = await shapeOf(name, options, surroundings);
  const folders = clusterFolders(surroundings.state, name);
  const context: LocalContext = {
    surroundings,
    cluster: record,
    folders,
    engine,
    nodes: record.nodes,
    fresh,
    timeoutMs: options.timeoutSeconds * 1_000,
    launched: new Map(),
  };
  const runs = (node: NodeRecord) => observe(folders.node(node.name)).state === 'running';
  const already = !fresh && record.nodes.every(runs);
  const verification: Verification = { messages: 100 };
  const notes = options.file ? notForHere(options.file) : [];
  notes.push(...(await unread(context)));
  const start = [checkPorts, writeNodeFiles, launchNodes, waitForNodes, setHaPolicy];
  const phases = [
    ...(already ? [waitForNodes] : start),
    applyDefinitions(options.file, notes),
    ...(options.verify ? [verifyMessages(verification)] : []),
  ];
  await runPhases(phases, context, { signal: surroundings.signal, watch: options.watch });
  const description = await describeCluster({ record, folders });
  const { outcome } = verification;
  return { ...description, already, notes, ...(outcome ? { verification: outcome } : {}) };
}

/** Nodes that run with a configuration that the file has changed since they started. */
async function unread({ nodes, folders, surroundings, cluster }: LocalContext): Promise<string[]> {
  const stale: string[] = [];
  for (const { name, settings } of nodes) {
    const own = folders.node(name);
    if (observe(own).state === 'stopped') continue;
    const there = (await surroundings.transport.readFile(own.configuration)) ?? '';
    const [, read = ''] = there.split('# From the cluster file.\n');
    const wanted = Object.entries(settings?.config ?? {}).map(([key, value]) => `${key} = ${value}\n`);
    if (read.trim() !== wanted.join('').trim()) stale.push(name);
  }
  if (stale.length === 0) return [];
  const again = `warren down --cluster ${cluster.name}, and up again`;
  return [`${stale.join(', ')} will read the changed configuration when started anew: ${again}`];
}

async function shapeOf(
  name: string,
  options: UpOptions,
  surroundings: Surroundings,
): Promise<{ record: ClusterRecord; engine: Engine; fresh: boolean }> {
  const path = surroundings.env.PATH;
  const existing = await readRecord(surroundings.state, name);
  if (!existing) {
    const record = newShape({ ...options.wishes, name }, options.file, path);
    return { record, engine: { name: record.engine, folder: record.engineFolder }, fresh: true };
  }
  const found = differences(existing, options.wishes, options.file);
  if (found.length > 0) throw WarrenError.of('CLUSTER_DIFFERS', { cluster: name, differences: found });
  const engine = findEngine(existing.engine, { folder: existing.engineFolder });
  return { record: reconfigured(existing, options.file), engine, fresh: false };
}
