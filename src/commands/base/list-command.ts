import * as Flags from '@oclif/core/flags';
import { nearest } from '../../errors/suggestion.js';
import { WarrenError } from '../../errors/warren-error.js';
import type { ListQuery, Row } from '../../operations/broker/list.js';
import type { Broker } from '../../operations/broker/reach.js';
import type { Column, Columns } from '../../view/columns/column.js';
import { visible } from '../../view/harmless.js';
import { jsonText } from '../../view/json.js';
import { chosen, listCsv, listDocument, listText } from '../../view/list.js';
import { watchScreen } from '../../view/watch-screen.js';
import { BrokerCommand, type BrokerFlags, brokerFlags } from './broker-command.js';

/** What every list can be asked. */
export const listFlags = {
  ...brokerFlags,
  columns: Flags.string({
    char: 'c',
    description: 'which columns, in which order; all: every one. A name with dots is any field of the API',
    helpValue: 'NAME,…',
  }),
  sort: Flags.string({ description: 'sort by this column', helpValue: 'COLUMN' }),
  reverse: Flags.boolean({ description: 'the other way round' }),
  filter: Flags.string({ description: 'only names that hold this regular expression', helpValue: 'REGEX' }),
  limit: Flags.integer({ description: 'no more than so many rows', min: 1 }),
  csv: Flags.boolean({ description: 'comma-separated values', exclusive: ['json'] }),
  watch: Flags.integer({ description: 'show it anew every so many seconds', helpValue: 'SECONDS', min: 1 }),
};

interface ListFlags extends BrokerFlags {
  readonly columns?: string | undefined;
  readonly sort?: string | undefined;
  readonly reverse: boolean;
  readonly filter?: string | undefined;
  readonly limit?: number | undefined;
  readonly csv: boolean;
  readonly watch?: number | undefined;
}

/** The rows that a list is made of. */
export type RowsOf = (broker: Broker, query: ListQuery) => Promise<readonly Row[]>;

/** A list: its columns, where its rows come from, and the one way in which all lists are shown. */
export abstract class ListCommand extends BrokerCommand {
  protected async list(flags: ListFlags, columns: Columns, rowsOf: RowsOf): Promise<unknown> {
    const shown = this.#columns(flags, columns);
    const query = this.#query(flags, columns, shown);
    return this.withBroker(flags, async (broker) => {
      if (flags.watch === undefined) return this.#show(await rowsOf(broker, query), flags, shown);
      const next = async () => this.#text(await rowsOf(broker, query), flags, shown);
      return watchScreen({
        next,
        every: flags.watch,
        signal: this.surroundings.signal,
        stream: process.stdout,
      });
    });
  }

  #show(rows: readonly Row[], flags: ListFlags, shown: readonly Column[]): readonly Row[] {
    if (!this.jsonEnabled()) this.log(this.#text(rows, flags, shown));
    return flags.columns === undefined || flags.columns === 'all' ? rows : listDocument(shown, rows);
  }

  #text(rows: readonly Row[], flags: ListFlags, shown: readonly Column[]): string {
    if (this.jsonEnabled()) return jsonText(flags.columns === undefined ? rows : listDocument(shown, rows));
    if (!flags.csv) return listText(shown, rows, 'None.');
    const csv = listCsv(shown, rows);
    return process.stdout.isTTY ? visible(csv) : csv;
  }

  #columns({ columns: names }: ListFlags, columns: Columns): readonly Column[] {
    if (names === 'all') return columns.all;
    const picked = chosen(columns, names?.split(',').filter(Boolean));
    return 'unknown' in picked ? this.#noColumn(picked.unknown, columns) : picked;
  }

  #query(flags: ListFlags, columns: Columns, shown: readonly Column[]): ListQuery {
    const by = flags.sort === undefined ? [] : chosen(columns, [flags.sort]);
    const sort = 'unknown' in by ? this.#noColumn(by.unknown, columns) : by[0];
    const whole = this.jsonEnabled() && (flags.columns === undefined || flags.columns === 'all');
    return {
      fields: whole
        ? undefined
        : ['name', 'vhost', ...[...shown, ...(sort ? [sort] : [])].map(({ field }) => field)],
      sort: sort?.field,
      reverse: flags.reverse,
      filter: flags.filter,
      limit: flags.limit,
    };
  }

  #noColumn(name: string, columns: Columns): never {
    const known = columns.all.map((one) => one.name);
    const near = nearest(name, known);
    const why = near ? `did you mean ${near}?` : `the columns are ${known.join(', ')}`;
    const command = this.id!.replaceAll(':', ' ');
    throw WarrenError.of('USAGE', { problem: `there is no column '${name}'`, command }, { why });
  }
}
