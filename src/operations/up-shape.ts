import { resolve } from 'node:path';
import { type ClusterFile, remoteNode } from '../cluster-file/cluster-file.js';
import { parseHa } from '../cluster-file/ha.js';
import { localSettings } from '../cluster-file/local-settings.js';
import { engineNames, findEngine } from '../drivers/engine/find.js';
import type { ClusterRecord, NodeRecord } from '../drivers/local-state/record.js';
import { WarrenError } from '../errors/warren-error.js';

/** What the user asked for; what is left out is taken from the cluster file, the record or the defaults. */
export interface UpWishes {
  readonly name?: string | undefined;
  readonly nodes?: number | undefined;
  readonly engine?: string | undefined;
  readonly engineDir?: string | undefined;
  readonly ha?: string | undefined;
  readonly portBase?: number | undefined;
  readonly plugins?: readonly string[] | undefined;
}

export const defaults = {
  name: 'rabbit',
  nodes: 3,
  engine: 'bundled',
  ha: 'all',
  portBase: 5672,
  plugins: ['rabbitmq_management'],
} as const;

/** RabbitMQ's own distances: 5672, 15672, 25672. */
const managementOffset = 10_000;
const distOffset = 20_000;

/** The shape of a cluster that is not there yet. */
export function newShape(
  wishes: UpWishes,
  file: ClusterFile | undefined,
  path: string | undefined,
): ClusterRecord {
  const name = checkedName(wishes.name ?? file?.name ?? defaults.name);
  // A profile says itself how messages outlive a node.
  const ha = wishes.ha ?? file?.ha ?? (file?.profile ? 'none' : defaults.ha);
  parseHa(ha);
  const engine = findEngine(wishes.engine ?? file?.engine ?? defaults.engine, {
    folder: wishes.engineDir ?? file?.engine_dir,
    path,
  });
  const plugins = new Set([...defaults.plugins, ...(wishes.plugins ?? file?.plugins ?? [])]);
  return {
    name,
    engine: engine.name,
    engineFolder: engine.folder,
    ha,
    plugins: [...plugins].map(checkedPlugin),
    nodes: nodeRecords(name, wishes, file),
    ...(file ? { settings: localSettings(file) } : {}),
  };
}

/** Every way in which what was asked for differs from what is there, in words. */
export function differences(
  record: ClusterRecord,
  wishes: UpWishes,
  file: ClusterFile | undefined,
): string[] {
  const engine = wishes.engine ?? file?.engine;
  if (engine !== undefined && !engineNames.some((known) => known === engine)) {
    throw WarrenError.of('UNKNOWN_ENGINE', { engine, known: engineNames });
  }
  const ha = wishes.ha ?? file?.ha;
  if (ha !== undefined) parseHa(ha);
  const folder = wishes.engineDir ?? file?.engine_dir;
  const count = wishes.nodes ?? file?.nodes?.length;
  const pairs: [string, unknown, unknown][] = [
    ['engine', engine, record.engine],
    ['engine folder', folder && resolve(folder), record.engineFolder],
    ['nodes', count, record.nodes.length],
    ['ha', ha, record.ha],
    ['port base', wishes.portBase ?? file?.port_base, record.nodes[0]?.amqpPort],
  ];
  const found = pairs
    .filter(([, wanted, has]) => wanted !== undefined && wanted !== has)
    .map(([what, wanted, has]) => `it has ${what} ${String(has)}, you asked for ${String(wanted)}`);
  const missing = (wishes.plugins ?? file?.plugins ?? []).filter(
    (plugin) => !record.plugins.includes(plugin),
  );
  return missing.length > 0 ? [...found, `it lacks the plugins ${missing.join(', ')}`] : found;
}

export function nodeRecord(name: string, base: number, index: number): NodeRecord {
  return {
    name: name.includes('@') ? name : `${name}@localhost`,
    amqpPort: base + index,
    managementPort: base + index + managementOffset,
    distPort: base + index + distOffset,
  };
}

function nodeRecords(cluster: string, wishes: UpWishes, file: ClusterFile | undefined): NodeRecord[] {
  const remote = remoteNode(file);
  if (file && remote?.address !== undefined) {
    throw WarrenError.of('REMOTE_NODES', { node: remote.name, address: remote.address, file: file.file });
  }
  const base = wishes.portBase ?? file?.port_base ?? defaults.portBase;
  const named = wishes.nodes === undefined ? file?.nodes?.map((node) => node.name) : undefined;
  const count = wishes.nodes ?? file?.nodes?.length ?? defaults.nodes;
  const names = named ?? Array.from({ length: count }, (_, i) => `${cluster}-${i + 1}`);
  return names.map((name, index) => withSettings(nodeRecord(name, base, index), file));
}

/** The shape of a cluster that is there, with what the file says of its nodes' configuration now. */
export function reconfigured(record: ClusterRecord, file: ClusterFile | undefined): ClusterRecord {
  if (!file) return record;
  const nodes = record.nodes.map((node) => withSettings(node, file));
  return { ...record, settings: localSettings(file), nodes };
}

function withSettings(node: NodeRecord, file: ClusterFile | undefined): NodeRecord {
  if (!file) return node;
  const own = file.nodes?.find(({ name }) => node.name === name || node.name === `${name}@localhost`);
  return { ...node, settings: localSettings(file, own) };
}

export function checkedName(name: string): string {
  if (/^[A-Za-z][A-Za-z0-9_-]{0,39}$/.test(name)) return name;
  throw WarrenError.of('BAD_NAME', { what: 'name for a cluster', value: name });
}

function checkedPlugin(name: string): string {
  if (/^[a-z][a-z0-9_]*$/.test(name)) return name;
  throw WarrenError.of('BAD_NAME', { what: 'name of a plugin', value: name });
}
