/** Traces and their logs, where the rabbitmq_tracing plugin is; elsewhere, how to enable it. */

import { h } from 'preact';
import { path } from '../api.js';
import type { Node, Trace, TraceFile } from '../api-types.js';
import { bytes, count } from '../format.js';
import type { Page } from '../page.js';
import { AddForm } from '../parts/form.js';
import { Live } from '../parts/live.js';
import { Card, Empty, Heading, Pill } from '../parts/pieces.js';
import { Table } from '../parts/table.js';
import { TraceLog } from '../parts/trace-log.js';
import { hrefOf } from '../router.js';

interface Props {
  readonly page: Page;
  readonly node: string | undefined;
  readonly file: string | undefined;
}

const plugin = 'rabbitmq_tracing';

export function TracingView({ page, node, file }: Props) {
  return (
    <Live<Node[]>
      of="plugins"
      load={(signal) => page.api.get('nodes', { columns: 'name,running,enabled_plugins' }, signal)}
      every={15_000}
    >
      {(nodes) => {
        const running = nodes.filter((each) => each.running);
        const tracing = running.filter(({ enabled_plugins = [] }) => enabled_plugins.includes(plugin));
        if (tracing.length === 0) return <HowToEnable />;
        if (node !== undefined && file !== undefined) return <TraceLog page={page} node={node} file={file} />;
        const chosen = tracing.find(({ name }) => name === node) ?? tracing[0]!;
        return (
          <OfNode key={chosen.name} page={page} node={chosen.name} nodes={tracing.map(({ name }) => name)} />
        );
      }}
    </Live>
  );
}

function HowToEnable() {
  return (
    <div>
      <Heading title="Tracing" />
      <Empty title="The plugin rabbitmq_tracing is not enabled">
        <p>On each node that is to trace:</p>
        <pre>rabbitmq-plugins enable rabbitmq_tracing</pre>
        <p>It needs no restart, and this view is here when it is done.</p>
      </Empty>
    </div>
  );
}

interface Answer {
  readonly traces: readonly Trace[];
  readonly files: readonly TraceFile[];
}

function OfNode({ page, node, nodes }: { page: Page; node: string; nodes: readonly string[] }) {
  const load = async (signal: AbortSignal): Promise<Answer> => {
    const [traces, files] = await Promise.all([
      page.api.get<Trace[]>(path('traces', 'node', node), {}, signal),
      page.api.get<TraceFile[]>(path('trace-files', 'node', node), {}, signal),
    ]);
    return { traces, files };
  };
  return (
    <Live<Answer> of={node} load={load}>
      {({ traces, files }, reload) => (
        <div>
          <Heading title="Tracing" kind={nodes.length === 1 ? node : undefined}>
            {nodes.length > 1 && <NodeChoice node={node} nodes={nodes} />}
            <AddTrace page={page} node={node} onDone={reload} />
          </Heading>
          <p class="notice">
            A trace copies every message that matches into a log of {node}. Stop it when you have seen enough.
          </p>
          <Card title="Traces">
            <Traces page={page} node={node} traces={traces} onDone={reload} />
          </Card>
          <Card title="Logs">
            <Files page={page} node={node} files={files} onDone={reload} />
          </Card>
        </div>
      )}
    </Live>
  );
}

function NodeChoice({ node, nodes }: { node: string; nodes: readonly string[] }) {
  return (
    <select
      aria-label="Node"
      value={node}
      onChange={(event) => {
        location.hash = hrefOf(['tracing', event.currentTarget.value]);
      }}
    >
      {nodes.map((name) => (
        <option key={name} value={name}>
          {name}
        </option>
      ))}
    </select>
  );
}

interface Of {
  readonly page: Page;
  readonly node: string;
  readonly onDone: () => void;
}

function Traces({ page, node, traces, onDone }: Of & { traces: readonly Trace[] }) {
  const stop = async ({ vhost, name }: Trace) => {
    const done = await page.attempt(`${name} is stopped; its log stays`, () =>
      page.api.delete(path('traces', 'node', node, vhost, name)),
    );
    if (done) onDone();
  };
  if (traces.length === 0)
    return <Empty title="Nothing is traced">Add a trace, and see every message pass.</Empty>;
  return (
    <Table<Trace>
      label="traces"
      rows={traces}
      keyOf={({ vhost, name }) => `${vhost}\0${name}`}
      columns={[
        { title: 'Name', cell: ({ name }) => name },
        { title: 'Vhost', show: 'wide', cell: ({ vhost }) => vhost },
        { title: 'Pattern', cell: ({ pattern }) => <code>{pattern}</code> },
        { title: 'Format', show: 'wide', cell: ({ format }) => <Pill>{format}</Pill> },
        {
          title: 'Payload',
          number: true,
          show: 'wide',
          cell: ({ max_payload_bytes: most }) => (most === undefined ? 'whole' : `up to ${bytes(most)}`),
        },
        {
          title: '',
          cell: (trace) => (
            <button type="button" class="small" onClick={() => stop(trace)} aria-label={`Stop ${trace.name}`}>
              Stop
            </button>
          ),
        },
      ]}
    />
  );
}

function Files({ page, node, files, onDone }: Of & { files: readonly TraceFile[] }) {
  const remove = async ({ name }: TraceFile) => {
    if (!(await page.ask(`Delete the log ${name}?`, 'Delete'))) return;
    const done = await page.attempt(`${name} is deleted`, () =>
      page.api.delete(path('trace-files', 'node', node, name)),
    );
    if (done) onDone();
  };
  if (files.length === 0) return <Empty title="No logs yet" />;
  return (
    <Table<TraceFile>
      label="logs"
      rows={files}
      keyOf={({ name }) => name}
      columns={[
        { title: 'Name', cell: ({ name }) => <a href={hrefOf(['tracing', node, name])}>{name}</a> },
        { title: 'Size', number: true, cell: ({ size }) => <span title={count(size)}>{bytes(size)}</span> },
        {
          title: '',
          cell: (file) => (
            <button
              type="button"
              class="small danger"
              onClick={() => remove(file)}
              aria-label={`Delete ${file.name}`}
            >
              Delete …
            </button>
          ),
        },
      ]}
    />
  );
}

function AddTrace({ page, node, onDone }: Of) {
  return (
    <AddForm
      title="Add a trace"
      fields={[
        ...(page.vhosts.length > 1 ? [{ name: 'vhost', label: 'Vhost', options: page.vhosts }] : []),
        { name: 'name', label: 'Name', required: true },
        { name: 'pattern', label: 'Pattern: publish.EXCHANGE, deliver.QUEUE', value: '#', required: true },
        { name: 'format', label: 'Format', options: ['text', 'json'] },
        { name: 'most', label: 'Bytes of payload at most (empty: all)', kind: 'number', value: '1000' },
      ]}
      onSubmit={async ({ vhost = page.vhosts[0] ?? '/', name = '', pattern, format, most }) => {
        const done = await page.attempt(`${name} traces`, () =>
          page.api.put(path('traces', 'node', node, vhost, name), {
            pattern,
            format,
            ...(most ? { max_payload_bytes: Number(most) } : {}),
          }),
        );
        if (done) onDone();
        return done;
      }}
    />
  );
}
