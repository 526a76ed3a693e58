/** Turns what a command answered into text on stdout, by the formatter that was asked for. */
import type { Cell } from './cell.js';
import type { FormatterName, Invocation, Outcome } from './command.js';
import { elixirRows } from './formatters/elixir.js';
import { erlangRows } from './formatters/erlang.js';
import { jsonRows } from './formatters/json.js';
import { csvRows, prettyRows, tableRows } from './formatters/table.js';

/** These print nothing that is not data. */
const forMachines: readonly FormatterName[] = ['json', 'csv', 'json_stream'];

export function isForMachines(formatter: FormatterName): boolean {
  return forMachines.includes(formatter);
}

export function printed(outcome: Outcome, invocation: Invocation): string {
  if (outcome.kind === 'printed') return '';
  if (outcome.kind === 'rows') return rowsText(outcome, invocation);
  const { formatter } = invocation;
  if (outcome.kind === 'nothing') {
    return formatter === 'json' ? line(JSON.stringify({ node: invocation.node, result: 'ok' })) : '';
  }
  if (formatter === 'json') {
    return line(JSON.stringify(outcome.json ?? { node: invocation.node, result: 'ok', value: outcome.text }));
  }
  if (formatter === 'pretty_table' && outcome.text !== '') {
    return prettyRows(
      ['Output'],
      outcome.text.split('\n').map((text) => [text]),
    );
  }
  return outcome.text === '' ? '' : line(outcome.text);
}

const line = (text: string) => `${text}\n`;

function rowsText(outcome: Extract<Outcome, { kind: 'rows' }>, invocation: Invocation): string {
  const { columns, rows } = outcome;
  if (outcome.whole === true && rows.length === 0) return emptyText(invocation.formatter);
  const headers =
    outcome.headers !== false && !invocation.silent && invocation.options['no-table-headers'] !== true;
  switch (invocation.formatter) {
    case 'json':
      return jsonRows(columns, rows);
    case 'json_stream':
      return jsonStream(columns, rows);
    case 'csv':
      return csvRows(columns, rows, headers);
    case 'erlang':
      return erlangRows(columns, rows);
    case 'string':
      return elixirRows(columns, rows).map(line).join('');
    case 'inspect':
      return `[\n${elixirRows(columns, rows).join('\n,')}\n]\n`;
    case 'pretty_table':
      return rows.length === 0 ? '' : prettyRows(columns, rows);
    default:
      return tableRows(columns, rows, headers);
  }
}

function jsonStream(columns: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return jsonRows(columns, rows)
    .split('\n')
    .filter((text) => text.startsWith('{') || text.startsWith(',{'))
    .map((text) => line(text.replace(/^,/, '')))
    .join('');
}

/** Nothing to list, where the listing is one value to RabbitMQ: the empty list. */
function emptyText(formatter: FormatterName): string {
  if (formatter === 'json' || formatter === 'erlang') return '[]\n';
  return formatter === 'pretty_table' ? prettyRows(['Output'], [['[]']]) : '\n';
}
