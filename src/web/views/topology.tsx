/**
 * How clients reach the nodes: through the virtual addresses and balancers where the server of the page knows
 * of them (`warren dashboard` of a cluster file), else straight; and how the nodes see each other.
 */

import { h } from 'preact';
import type { Watched } from '../alerts/observe.js';
import type { Node } from '../api-types.js';
import { duration } from '../format.js';
import type { Page } from '../page.js';
import { Card, Dot, Heading } from '../parts/pieces.js';
import { hrefOf } from '../router.js';

interface Place {
  readonly id: string;
  readonly title: string;
  readonly note: string;
  readonly kind: 'client' | 'address' | 'balancer' | 'node';
  readonly tone: 'good' | 'bad' | 'warn' | 'quiet';
  readonly href?: string;
}

const box = { width: 190, height: 52 };
const gap = 26;
const columnGap = 90;

export function TopologyView({ page, watched }: { page: Page; watched: Watched | undefined }) {
  if (!watched) return <div class="loading" role="status" aria-label="Loading" />;
  const columns = columnsOf(page, watched.nodes);
  return (
    <div>
      <Heading title="Topology" />
      <Card>
        <Drawing columns={columns} />
        <p class="notes">
          <Dot tone="good">running</Dot>
          <Dot tone="warn">runs with an alarm or in maintenance</Dot>
          <Dot tone="bad">down or parted</Dot>
          {columns.length > 2 && <Dot tone="quiet">from the cluster file, not watched by this page</Dot>}
        </p>
        {!page.setup.front_end && (
          <p class="muted">
            With <code>warren dashboard --cluster warren.yaml</code> the balancers and virtual addresses of
            the file are drawn too.
          </p>
        )}
      </Card>
    </div>
  );
}

function columnsOf({ setup }: Page, nodes: readonly Node[]): Place[][] {
  const clients: Place = { id: 'clients', title: 'Clients', note: 'AMQP', kind: 'client', tone: 'quiet' };
  const front = setup.front_end;
  const addresses = (front?.virtual_addresses ?? []).map(
    (address): Place => ({
      id: address,
      title: address,
      note: `virtual address, port ${front?.amqp_port}`,
      kind: 'address',
      tone: 'quiet',
    }),
  );
  const balancers = (front?.hosts ?? []).map(
    ({ name, address }): Place => ({ id: name, title: name, note: address, kind: 'balancer', tone: 'quiet' }),
  );
  return [[clients], addresses, balancers, nodes.map(nodePlace)].filter((column) => column.length > 0);
}

function nodePlace(node: Node): Place {
  const parted = (node.partitions?.length ?? 0) > 0;
  const uneasy = node.mem_alarm || node.disk_free_alarm || node.being_drained;
  return {
    id: node.name,
    title: node.name,
    note: !node.running
      ? 'down'
      : parted
        ? `parted from ${node.partitions?.join(', ')}`
        : `up ${duration(node.uptime)}`,
    kind: 'node',
    tone: !node.running || parted ? 'bad' : uneasy ? 'warn' : 'good',
    href: hrefOf(['nodes', node.name]),
  };
}

function Drawing({ columns }: { columns: readonly Place[][] }) {
  const rows = Math.max(...columns.map(({ length }) => length));
  const height = rows * (box.height + gap) + gap;
  // The nodes' own links are drawn as arcs beside them.
  const width = columns.length * (box.width + columnGap);
  const at = (column: number, row: number) => ({
    x: column * (box.width + columnGap) + 1,
    y: height / 2 + (row - (columns[column]!.length - 1) / 2) * (box.height + gap),
  });
  return (
    <div class="scroll drawing topology">
      <svg
        viewBox={`0 0 ${width} ${height}`}
        style={{ minWidth: `${width * 0.72}px`, maxWidth: `${width * 1.1}px` }}
        aria-label="Topology"
      >
        {columns
          .slice(1)
          .flatMap((column, index) =>
            column.flatMap((to, row) =>
              columns[index]!.map((from, before) => (
                <Way
                  key={from.id + to.id}
                  from={at(index, before)}
                  to={at(index + 1, row)}
                  broken={to.tone === 'bad'}
                />
              )),
            ),
          )}
        <Links nodes={columns.at(-1) ?? []} at={(row) => at(columns.length - 1, row)} />
        {columns.flatMap((column, index) =>
          column.map((place, row) => <PlaceBox key={place.id} place={place} {...at(index, row)} />),
        )}
      </svg>
    </div>
  );
}

interface Point {
  readonly x: number;
  readonly y: number;
}

function Way({ from, to, broken }: { from: Point; to: Point; broken: boolean }) {
  const start = from.x + box.width;
  const half = (start + to.x) / 2;
  return (
    <path
      class={broken ? 'way broken' : 'way'}
      d={`M${start} ${from.y} C${half} ${from.y} ${half} ${to.y} ${to.x} ${to.y}`}
    />
  );
}

/** Each node is linked to each other one. */
function Links({ nodes, at }: { nodes: readonly Place[]; at: (row: number) => Point }) {
  return (
    <g>
      {nodes.flatMap((from, row) =>
        nodes.slice(row + 1).map((to, offset) => {
          const [a, b] = [at(row), at(row + 1 + offset)];
          const x = a.x + box.width;
          const bend = x + 22 + offset * 20;
          const broken = from.tone === 'bad' || to.tone === 'bad';
          return (
            <path
              key={from.id + to.id}
              class={broken ? 'link broken' : 'link'}
              d={`M${x} ${a.y} C${bend} ${a.y} ${bend} ${b.y} ${x} ${b.y}`}
            />
          );
        }),
      )}
    </g>
  );
}

function PlaceBox({ place, x, y }: { place: Place } & Point) {
  const content = (
    <g class={`place ${place.kind} ${place.tone}`}>
      <rect
        x={x}
        y={y - box.height / 2}
        width={box.width}
        height={box.height}
        rx={place.kind === 'client' || place.kind === 'address' ? 26 : 8}
      />
      <text class="title" x={x + box.width / 2} y={y - 3} text-anchor="middle">
        {place.title.length > 24 ? `${place.title.slice(0, 23)}…` : place.title}
      </text>
      <text class="note" x={x + box.width / 2} y={y + 14} text-anchor="middle">
        {place.note.length > 30 ? `${place.note.slice(0, 29)}…` : place.note}
      </text>
    </g>
  );
  return place.href ? <a href={place.href}>{content}</a> : content;
}
