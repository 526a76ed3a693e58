/** Rows and columns: numbers aligned, the less important columns left out where there is no room. */
import { type ComponentChildren, h } from 'preact';

export interface Column<T> {
  readonly title: string;
  readonly cell: (row: T) => ComponentChildren;
  /** What the API calls it, where it can order by it. */
  readonly sort?: string;
  readonly number?: boolean;
  /** wide: only where there is room; wider: only where there is much. */
  readonly show?: 'wide' | 'wider';
}

interface Props<T> {
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly keyOf: (row: T) => string;
  readonly label: string;
  readonly order?: { readonly by: string; readonly reverse: boolean };
  readonly onOrder?: (by: string, reverse: boolean) => void;
  readonly toneOf?: (row: T) => string | undefined;
}

export function Table<T>(props: Props<T>) {
  return (
    <div class="scroll">
      <table aria-label={props.label}>
        <thead>
          <tr>{props.columns.map((column) => head(column, props))}</tr>
        </thead>
        <tbody>
          {props.rows.map((row) => (
            <tr key={props.keyOf(row)} class={props.toneOf?.(row)}>
              {props.columns.map((column) => (
                <td key={column.title} class={classOf(column)}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function head<T>(column: Column<T>, { order, onOrder }: Props<T>) {
  const { sort } = column;
  if (!sort || !onOrder) {
    return (
      <th key={column.title} class={classOf(column)} scope="col">
        {column.title}
      </th>
    );
  }
  const ordered = order?.by === sort;
  const state = !ordered ? 'none' : order.reverse ? 'descending' : 'ascending';
  // Numbers are looked at from the largest, names from the first.
  const next = ordered ? !order.reverse : column.number === true;
  return (
    <th key={column.title} class={classOf(column)} scope="col" aria-sort={state}>
      <button type="button" onClick={() => onOrder(sort, next)}>
        {column.title}
        <i aria-hidden="true">{ordered ? (order.reverse ? '↓' : '↑') : ''}</i>
      </button>
    </th>
  );
}

function classOf<T>({ number, show }: Column<T>): string | undefined {
  return [number && 'number', show].filter(Boolean).join(' ') || undefined;
}
