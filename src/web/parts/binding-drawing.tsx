/**
 * Bindings, drawn: what feeds the object on its left, what it feeds on its right, each line with its routing
 * key. Of many the first are drawn and the rest is counted.
 */

import { h } from 'preact';
import { path } from '../api.js';
import type { Binding } from '../api-types.js';
import { exchangeName, plural } from '../format.js';
import type { Page } from '../page.js';
import { hrefOf } from '../router.js';
import { Empty } from './pieces.js';

interface Props {
  readonly page: Page;
  readonly bindings: readonly Binding[];
  readonly vhost: string;
  readonly name: string;
  readonly kind: 'queue' | 'exchange';
  readonly onChange: () => void;
}

const most = 60;
const row = 44;
const box = { width: 200, height: 30 };
const width = 960;

interface Point {
  readonly x: number;
  readonly y: number;
}

interface End {
  readonly kind: 'queue' | 'exchange';
  readonly name: string;
}

export function BindingDrawing(props: Props) {
  const { bindings, name, kind, vhost } = props;
  if (bindings.length === 0) return <Empty title="No bindings">No message is routed here yet.</Empty>;
  const into = bindings.filter(
    (binding) => binding.destination === name && binding.destination_type === kind,
  );
  const from = bindings.filter((binding) => !into.includes(binding));
  const [left, right] = [into.slice(0, most), from.slice(0, most)];
  const middle = left.length === 0 ? 0 : (width - box.width) / (right.length === 0 ? 1 : 2);
  const height = Math.max(left.length, right.length, 1) * row + 16;
  const hidden = bindings.length - left.length - right.length;
  return (
    <div class="scroll drawing">
      <svg
        viewBox={`0 0 ${width} ${height}`}
        style={{ minWidth: '640px' }}
        aria-label={`Bindings of ${exchangeName(name)}`}
      >
        {left.map((binding, index) => (
          <Side
            key={keyOf(binding)}
            {...props}
            binding={binding}
            end={{ kind: 'exchange', name: binding.source }}
            x={0}
            y={yOf(index, left.length, height)}
            centre={{ x: middle, y: height / 2 }}
          />
        ))}
        {right.map((binding, index) => (
          <Side
            key={keyOf(binding)}
            {...props}
            binding={binding}
            end={{ kind: binding.destination_type, name: binding.destination }}
            x={width - box.width}
            y={yOf(index, right.length, height)}
            centre={{ x: middle, y: height / 2 }}
          />
        ))}
        <Box end={{ kind, name }} vhost={vhost} x={middle} y={height / 2} here />
      </svg>
      {hidden > 0 && <p class="muted">and {plural(hidden, 'binding')} more</p>}
    </div>
  );
}

function Side(props: Props & { binding: Binding; end: End; x: number; y: number; centre: Point }) {
  const { binding, end, x, y, vhost, centre } = props;
  const isLeft = x === 0;
  const [from, to] = isLeft ? [box.width, centre.x] : [centre.x + box.width, x];
  const [start, finish] = isLeft ? [y, centre.y] : [centre.y, y];
  const half = (from + to) / 2;
  // The label is nearer to the far end, where lines are apart.
  const labelX = isLeft ? from + 8 : to - 8;
  return (
    <g class="edge">
      <path d={`M${from} ${start} C${half} ${start} ${half} ${finish} ${to} ${finish}`} />
      <text class="key" x={labelX} y={y - 5} text-anchor={isLeft ? 'start' : 'end'}>
        {cut(labelOf(binding), 22)}
        <title>{labelOf(binding)}</title>
      </text>
      <Box end={end} vhost={vhost} x={x} y={y} />
      {binding.source !== '' && <Unbind {...props} x={labelX + (isLeft ? 6 : -6)} />}
    </g>
  );
}

function Unbind({ page, binding, x, y, onChange }: Props & { binding: Binding; x: number; y: number }) {
  const unbind = async () => {
    const { source, destination, destination_type, properties_key, vhost } = binding;
    if (!(await page.ask(`Unbind ${destination} from ${source}?`, 'Unbind'))) return;
    const kind = destination_type === 'queue' ? 'q' : 'e';
    const where = path('bindings', vhost, 'e', source, kind, destination, properties_key);
    if (await page.attempt('Unbound', () => page.api.delete(where))) onChange();
  };
  return (
    <foreignObject x={x - 11} y={y + 2} width={22} height={22}>
      <button
        type="button"
        class="unbind"
        aria-label={`Unbind ${labelOf(binding)}`}
        title="Unbind"
        onClick={unbind}
      >
        ×
      </button>
    </foreignObject>
  );
}

function Box({ end, vhost, x, y, here }: { end: End; vhost: string; x: number; y: number; here?: boolean }) {
  const name = exchangeName(end.name);
  return (
    <a
      href={hrefOf([`${end.kind}s`, vhost, end.name === '' ? 'amq.default' : end.name])}
      class={`box ${end.kind} ${here ? 'here' : ''}`}
    >
      <rect
        x={x + 0.5}
        y={y - box.height / 2}
        width={box.width - 1}
        height={box.height}
        rx={end.kind === 'exchange' ? 15 : 5}
      />
      <text x={x + box.width / 2} y={y + 4.5} text-anchor="middle">
        {cut(name, 26)}
        <title>{name}</title>
      </text>
    </a>
  );
}

function yOf(index: number, of: number, height: number): number {
  return height / 2 + (index - (of - 1) / 2) * row;
}

function labelOf({ routing_key, arguments: given }: Binding): string {
  if (routing_key !== '') return routing_key;
  return Object.keys(given).length > 0 ? JSON.stringify(given) : '';
}

const keyOf = (binding: Binding) =>
  [binding.source, binding.destination_type, binding.destination, binding.properties_key].join('\0');

const cut = (text: string, length: number) => (text.length > length ? `${text.slice(0, length - 1)}…` : text);
