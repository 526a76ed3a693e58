/** What the trace commands say. Clients decide what stands in a message: nothing of it reaches the terminal unescaped. */
import { harmless, visible } from './harmless.js';
import { bodyText, payloadOf } from './message.js';
import { table } from './table.js';

interface Switched {
  readonly node: string;
  readonly tracing: boolean | null;
  readonly changed: boolean;
  readonly problem?: string | undefined;
}

export function switchedText(result: {
  readonly vhost: string;
  readonly tracing: boolean;
  readonly nodes: readonly Switched[];
  readonly until?: string | undefined;
}): string {
  const word = result.tracing ? 'on' : 'off';
  const rows = result.nodes.map(({ node, problem, changed }) => [
    node,
    problem === undefined
      ? `${word}${changed ? '' : ` (it was ${word} already)`}`
      : `not reached: ${problem}`,
  ]);
  const failed = result.nodes.some(({ problem }) => problem !== undefined);
  return [
    `Tracing of vhost '${visible(result.vhost)}' is ${word}.`,
    visible(table(['NODE', 'TRACING'], rows)),
    ...(failed || result.tracing ? [restartHint(failed)] : []),
    ...(result.until === undefined ? [] : [`It turns itself off at ${result.until}.`]),
  ].join('\n');
}

const restartHint = (failed: boolean) =>
  failed
    ? 'Type the same again when the others answer.'
    : 'A node that restarts forgets it: type the same again then.';

export function statusText(status: {
  readonly nodes: readonly {
    readonly node: string;
    readonly vhosts: Readonly<Record<string, boolean>> | null;
    readonly problem?: string | undefined;
  }[];
  readonly until: readonly { vhost: string; time: string }[];
}): string {
  const rows = status.nodes.flatMap(({ node, vhosts, problem }) =>
    vhosts === null
      ? [[node, '-', `unknown: ${problem ?? 'no answer'}`]]
      : Object.entries(vhosts).map(([vhost, on]) => [node, vhost, on ? 'on' : 'off']),
  );
  const until = status.until.map(({ vhost, time }) => `Vhost '${vhost}' turns itself off at ${time}.`);
  return visible([table(['NODE', 'VHOST', 'TRACING'], rows), ...until].join('\n'));
}

export function listText(list: {
  readonly traces: readonly {
    readonly node: string;
    readonly vhost: string;
    readonly name: string;
    readonly format: string;
    readonly pattern: string;
    readonly max_payload_bytes?: number;
  }[];
  readonly files: readonly { readonly node: string; readonly name: string; readonly size: number }[];
  readonly problems: readonly { readonly node: string; readonly problem: string }[];
}): string {
  const traces = list.traces.map((each) => [
    each.name,
    each.vhost,
    each.node,
    each.format,
    each.pattern,
    each.max_payload_bytes ?? null,
  ]);
  const files = list.files.map(({ name, node, size }) => [name, node, size]);
  const part = (headings: string[], rows: unknown[][], none: string) =>
    rows.length === 0 ? none : table(headings, rows);
  return visible(
    [
      part(['TRACE', 'VHOST', 'NODE', 'FORMAT', 'PATTERN', 'MAX PAYLOAD'], traces, 'There is no trace.'),
      '',
      part(['LOG', 'NODE', 'BYTES'], files, 'There is no log.'),
      ...list.problems.map(({ node, problem }) => `${node} was not asked: ${problem}`),
    ].join('\n'),
  );
}

export interface Traced {
  readonly type: 'published' | 'received';
  readonly node: string;
  readonly vhost: string;
  readonly connection: string;
  readonly channel: number;
  readonly user: string;
  readonly exchange: string;
  readonly routingKeys: readonly string[];
  readonly queue?: string | undefined;
  readonly routedQueues?: readonly string[] | undefined;
  readonly redelivered?: boolean | undefined;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly body: Buffer;
}

export function tracedText(traced: Traced, at: Date): string {
  const { type, exchange, routingKeys, queue, routedQueues = [], redelivered, connection, user } = traced;
  const to = type === 'published' ? `to ${routedQueues.join(', ') || 'no queue'}` : `from ${queue}`;
  const head = `${at.toISOString()} ${type} exchange '${exchange}' key '${routingKeys.join("', '")}' ${to}`;
  const again = redelivered ? ' (again)' : '';
  return [harmless(`${head}${again}  ${user} ${connection}`), bodyText(traced.body)].join('\n');
}

export function tracedDocument(traced: Traced, at: Date): Record<string, unknown> {
  const { body, routingKeys, routedQueues, ...rest } = traced;
  return {
    time: at.toISOString(),
    ...rest,
    routing_keys: routingKeys,
    ...(routedQueues === undefined ? {} : { routed_queues: routedQueues }),
    ...payloadOf(body),
  };
}
