/** How far back charts reach. Longer spans come in larger steps, as the broker keeps them. */

import { h } from 'preact';
import type { Query } from '../api.js';
import type { Page } from '../page.js';

interface Range {
  readonly name: string;
  readonly title: string;
  readonly query: Query;
}

const ranges: readonly Range[] = [
  range('1m', 'Minute', 60, 5),
  range('10m', 'Ten minutes', 600, 5),
  range('1h', 'Hour', 3_600, 60),
];

function range(name: string, title: string, age: number, step: number): Range {
  const kinds = ['lengths', 'msg_rates', 'data_rates', 'node_stats'];
  const query = Object.fromEntries(
    kinds.flatMap((kind) => [
      [`${kind}_age`, age],
      [`${kind}_incr`, step],
    ]),
  );
  return { name, title, query };
}

export function rangeOf({ route }: Page): Range {
  return ranges.find(({ name }) => name === route.query.range) ?? ranges[1]!;
}

export function RangeChoice({ page }: { page: Page }) {
  const chosen = rangeOf(page).name;
  return (
    <fieldset class="choice">
      <legend>Charts reach back</legend>
      {ranges.map(({ name, title }) => (
        <label key={name}>
          <input
            type="radio"
            name="range"
            checked={name === chosen}
            onChange={() => page.narrow({ range: name === '10m' ? undefined : name })}
          />
          <span>{title}</span>
        </label>
      ))}
    </fieldset>
  );
}
