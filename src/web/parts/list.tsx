/**
 * A list that the API cuts into pages, filters and orders: the page never holds more than one page of it,
 * whether there are ten objects or ten thousand. Page, order and filter live in the address.
 */

import { Component, type ComponentChildren, h } from 'preact';
import { ApiError, path } from '../api.js';
import type { Paged } from '../api-types.js';
import { count, plural } from '../format.js';
import type { Page } from '../page.js';
import { Live } from './live.js';
import { Empty } from './pieces.js';
import { type Column, Table } from './table.js';

interface Props<T> {
  readonly page: Page;
  /** queues, exchanges, connections, channels. */
  readonly resource: string;
  readonly one: string;
  readonly columns: readonly Column<T>[];
  /** The keys that the columns need, so that nothing else is sent. */
  readonly keys?: readonly string[];
  readonly keyOf: (row: T) => string;
  readonly empty: ComponentChildren;
  readonly toneOf?: (row: T) => string | undefined;
}

const size = 100;

export function List<T>(props: Props<T>) {
  const { page, resource } = props;
  const { query } = page.route;
  const order = { by: query.sort ?? '', reverse: query.reverse === '1' };
  const where = query.vhost === undefined ? resource : path(resource, query.vhost);
  const asked = {
    page: query.page ?? 1,
    page_size: size,
    name: query.name,
    use_regex: query.regex === '1',
    sort: query.sort,
    sort_reverse: order.reverse,
    pagination: true,
    columns: props.keys?.join(','),
  };
  const outOfRange = (error: Error) => {
    if (!(error instanceof ApiError && error.status === 400 && Number(query.page ?? 1) > 1)) return false;
    page.narrow({ page: undefined });
    return true;
  };
  return (
    <div class="list">
      <Live<Paged<T>>
        of={JSON.stringify([where, asked])}
        keep
        load={(signal) => page.api.get(where, asked, signal)}
        onError={outOfRange}
      >
        {(answer) => (
          <div>
            <Tools page={page} answer={answer} one={props.one} />
            {answer.items.length === 0 ? (
              <Empty title={query.name ? 'Nothing has such a name' : `No ${props.one}s`}>
                {query.name ? 'Another part of the name, or less of it?' : props.empty}
              </Empty>
            ) : (
              <Table
                label={resource}
                columns={props.columns}
                rows={answer.items}
                keyOf={props.keyOf}
                order={order}
                onOrder={(sort, reverse) =>
                  page.narrow({ sort, reverse: reverse ? '1' : undefined, page: undefined })
                }
                {...(props.toneOf ? { toneOf: props.toneOf } : {})}
              />
            )}
            <Pager page={page} answer={answer} />
          </div>
        )}
      </Live>
    </div>
  );
}

/** Typing filters after a breath's pause, so that a word is one question and not five. */
class Tools<T> extends Component<{ page: Page; answer: Paged<T>; one: string }> {
  #pause = 0;

  override componentWillUnmount(): void {
    clearTimeout(this.#pause);
  }

  readonly #typed = (event: Event): void => {
    const name = (event.currentTarget as HTMLInputElement).value;
    clearTimeout(this.#pause);
    this.#pause = window.setTimeout(() => this.props.page.narrow({ name, page: undefined }), 250);
  };

  override render() {
    const { page, answer, one } = this.props;
    const { query } = page.route;
    return (
      <div class="tools">
        <input
          type="search"
          aria-label={`Filter ${one}s by name`}
          placeholder="Filter by name"
          value={query.name ?? ''}
          onInput={this.#typed}
          spellcheck={false}
          autocomplete="off"
        />
        <label class="check">
          <input
            type="checkbox"
            checked={query.regex === '1'}
            onChange={(event) =>
              page.narrow({ regex: event.currentTarget.checked ? '1' : undefined, page: undefined })
            }
          />
          Regex
        </label>
        {page.vhosts.length > 1 && <VhostChoice page={page} />}
        <span class="count">
          {answer.filtered_count === answer.total_count
            ? plural(answer.total_count, one)
            : `${count(answer.filtered_count)} of ${plural(answer.total_count, one)}`}
        </span>
      </div>
    );
  }
}

function VhostChoice({ page }: { page: Page }) {
  const chosen = page.route.query.vhost ?? '';
  return (
    <select
      aria-label="Vhost"
      value={chosen}
      onChange={(event) => page.narrow({ vhost: event.currentTarget.value || undefined, page: undefined })}
    >
      <option value="">All vhosts</option>
      {page.vhosts.map((name) => (
        <option key={name} value={name}>
          {name}
        </option>
      ))}
    </select>
  );
}

function Pager<T>({ page, answer }: { page: Page; answer: Paged<T> }) {
  if (answer.page_count <= 1) return null;
  const go = (to: number) => page.narrow({ page: to === 1 ? undefined : String(to) });
  const first = (answer.page - 1) * answer.page_size + 1;
  return (
    <nav class="pager" aria-label="Pages">
      <button type="button" disabled={answer.page <= 1} onClick={() => go(answer.page - 1)} data-key="p">
        Previous
      </button>
      <span>
        {count(first)}–{count(first + answer.items.length - 1)} of {count(answer.filtered_count)}
      </span>
      <label>
        Page{' '}
        <input
          type="number"
          min={1}
          max={answer.page_count}
          value={answer.page}
          aria-label="Page"
          onChange={(event) =>
            go(Math.min(answer.page_count, Math.max(1, Number(event.currentTarget.value) || 1)))
          }
        />{' '}
        of {count(answer.page_count)}
      </label>
      <button
        type="button"
        disabled={answer.page >= answer.page_count}
        onClick={() => go(answer.page + 1)}
        data-key="n"
      >
        Next
      </button>
    </nav>
  );
}
