/**
 * The named traces of the rabbitmq_tracing plugin and their logs. A trace lives on one node and writes its log
 * there; a node only traces what comes through it, so tracing is turned on on the others, too.
 */
import { segment } from '../../drivers/management-api/client.js';
import { WarrenError } from '../../errors/warren-error.js';
import type { Surroundings } from '../surroundings.js';
import type { WatchTarget } from '../watch/source.js';
import { anyNode, type TracedCluster, type TracedNode } from './cluster.js';
import { checkVhost, type Switched, switchTracing } from './switch.js';
import { type TraceOptions, withCluster } from './trace.js';

interface TraceItem {
  readonly node: string;
  readonly vhost: string;
  readonly name: string;
  readonly format: string;
  readonly pattern: string;
  readonly max_payload_bytes?: number;
}

interface TraceFile {
  readonly node: string;
  readonly name: string;
  readonly size: number;
}

export interface TraceList {
  readonly cluster: string;
  readonly traces: readonly TraceItem[];
  readonly files: readonly TraceFile[];
  /** Nodes that were not asked, and why. */
  readonly problems: readonly { node: string; problem: string }[];
}

/** The API shows the queue that a trace reads from as well, all of it. */
function described(item: TraceItem): TraceItem {
  const { node, vhost, name, format, pattern, max_payload_bytes: bytes } = item;
  return { node, vhost, name, format, pattern, ...(bytes === undefined ? {} : { max_payload_bytes: bytes }) };
}

export function listTraces(options: WatchTarget, surroundings: Surroundings): Promise<TraceList> {
  return withCluster(options, surroundings, async (cluster) => {
    const problems: { node: string; problem: string }[] = [];
    const ask = async <T extends object>(path: string) => {
      const answers = await Promise.all(
        cluster.nodes.map(async (node) => {
          try {
            return (await read<T[]>(node, path)).map((item) => ({ ...item, node: node.node }));
          } catch (error) {
            problems.push({ node: node.node, problem: (error as Error).message });
            return [];
          }
        }),
      );
      return answers.flat();
    };
    const traces = (await ask<TraceItem>('/traces')).map(described);
    const unasked = problems.splice(0);
    return { cluster: cluster.name, traces, files: await ask<TraceFile>('/trace-files'), problems: unasked };
  });
}

export interface NewTrace extends TraceOptions {
  readonly name: string;
  readonly node?: string | undefined;
  readonly pattern: string;
  readonly format: string;
  readonly maxPayloadBytes?: number | undefined;
}

export interface AddedTrace {
  readonly node: string;
  readonly vhost: string;
  readonly name: string;
  readonly file: string;
  readonly nodes: readonly Switched[];
}

export function addTrace(options: NewTrace, surroundings: Surroundings): Promise<AddedTrace> {
  const { name, vhost, pattern, format, maxPayloadBytes } = options;
  return withCluster(options, surroundings, async (cluster) => {
    await checkVhost(cluster, vhost);
    const at = options.node === undefined ? anyNode(cluster) : named(cluster, options.node);
    await read(at, '/traces');
    const bytes = maxPayloadBytes === undefined ? {} : { max_payload_bytes: maxPayloadBytes };
    await at.api?.put(`/traces/${segment(vhost)}/${segment(name)}`, { pattern, format, ...bytes });
    const nodes = await switchTracing(cluster, vhost, true);
    return { node: at.node, vhost, name, file: `${name}.log`, nodes };
  });
}

/** The last trace of a vhost takes tracing with it, on every node. */
export function removeTrace(
  options: TraceOptions & { readonly name: string },
  surroundings: Surroundings,
): Promise<{ node: string; left: number }> {
  const { name, vhost } = options;
  return withCluster(options, surroundings, async (cluster) => {
    let from: TracedNode | undefined;
    let left = 0;
    for (const node of cluster.nodes) {
      const traces = await read<TraceItem[]>(node, `/traces/${segment(vhost)}`).catch(() => []);
      if (traces.some((trace) => trace.name === name)) from ??= node;
      left += traces.filter((trace) => trace.name !== name).length;
    }
    if (from === undefined) throw WarrenError.of('TRACE_NOT_FOUND', { name, vhost });
    await from.api?.delete(`/traces/${segment(vhost)}/${segment(name)}`);
    if (left === 0) await switchTracing(cluster, vhost, false);
    return { node: from.node, left };
  });
}

/** Reads a log again and again until `more` says no; each time it is told what is new. */
export function traceLog(
  options: WatchTarget & { readonly name: string; readonly node?: string | undefined },
  surroundings: Surroundings,
  tell: (text: string) => Promise<boolean>,
): Promise<{ node: string; file: string }> {
  const file = options.name.includes('.log') ? options.name : `${options.name}.log`;
  return withCluster(options, surroundings, async (cluster) => {
    const chosen = options.node === undefined ? cluster.nodes : [named(cluster, options.node)];
    const known: string[] = [];
    for (const node of chosen) {
      const files = await read<TraceFile[]>(node, '/trace-files').catch(() => []);
      known.push(...files.map(({ name }) => name));
      if (!files.some(({ name }) => name === file)) continue;
      await followLog(node, file, tell);
      return { node: node.node, file };
    }
    throw WarrenError.of('TRACE_LOG_NOT_FOUND', { file, known: [...new Set(known)] });
  });
}

async function followLog(
  { api }: TracedNode,
  file: string,
  tell: (text: string) => Promise<boolean>,
): Promise<void> {
  let told = 0;
  for (;;) {
    const text = (await api?.text(`/trace-files/${segment(file)}`)) ?? '';
    // It began anew: it was deleted, or had reached its limit.
    if (text.length < told) told = 0;
    const more = await tell(text.slice(told));
    told = text.length;
    if (!more) return;
  }
}

/** TRACING_PLUGIN_MISSING where the plugin's routes are not there. */
async function read<T>({ node, api, silence }: TracedNode, path: string): Promise<T> {
  if (api === undefined) throw new Error(silence ?? 'there is no way to it');
  try {
    return await api.get<T>(path);
  } catch (error) {
    if (!(error instanceof WarrenError && error.code === 'API_NOT_FOUND')) throw error;
    throw WarrenError.of('TRACING_PLUGIN_MISSING', { node }, { cause: error });
  }
}

function named(cluster: TracedCluster, wanted: string): TracedNode {
  const found = cluster.nodes.find(
    ({ node }) =>
      node === wanted || node.startsWith(`${wanted}@`) || node.startsWith(`${cluster.name}-${wanted}@`),
  );
  if (found) return found;
  const known = cluster.nodes.map(({ node }) => node);
  throw WarrenError.of('NODE_NOT_FOUND', { node: wanted, cluster: cluster.name, known });
}
