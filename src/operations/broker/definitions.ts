import { readFile } from 'node:fs/promises';
import { segment } from '../../drivers/management-api/client.js';
import { WarrenError } from '../../errors/warren-error.js';
import { sameJson } from '../../phases/objects/change.js';
import { writeNewFile } from '../new-file.js';
import type { Row } from './list.js';
import { found, vhost } from './objects.js';
import type { Broker } from './reach.js';

export type Definitions = Readonly<Record<string, unknown>>;

/** All that the cluster is made of but its messages; users' password hashes are in it. */
export function exportDefinitions({ api }: Broker, of: string | undefined): Promise<Definitions> {
  if (of === undefined) return api.get<Definitions>('/definitions', 60_000);
  return found(api, vhost(of), () => api.get<Definitions>(`/definitions/${segment(of)}`, 60_000));
}

/** Password hashes are in it, so nobody else may read it. */
export async function writeDefinitions(file: string, definitions: Definitions): Promise<void> {
  await writeNewFile(
    { file, text: `${JSON.stringify(definitions, null, 2)}\n`, mode: 0o600 },
    'definitions export',
  );
}

/** What is there besides stays; what is there with other properties, the broker refuses or replaces. */
export async function importDefinitions(
  { api }: Broker,
  definitions: Definitions,
  of: string | undefined,
): Promise<Record<string, number>> {
  const path = of === undefined ? '/definitions' : `/definitions/${segment(of)}`;
  const send = () => api.request('POST', path, definitions, { timeoutMs: 300_000 });
  if (of === undefined) await send();
  else await found(api, vhost(of), send);
  return Object.fromEntries(
    sections.flatMap(({ key }) => {
      const rows = rowsOf(definitions, key);
      return rows.length > 0 ? [[key, rows.length]] : [];
    }),
  );
}

export async function readDefinitions(file: string): Promise<Definitions> {
  try {
    const read = JSON.parse(await readFile(file, 'utf8')) as unknown;
    if (typeof read === 'object' && read !== null && !Array.isArray(read)) return read as Definitions;
    throw new Error('it is no table of JSON');
  } catch (error) {
    throw WarrenError.of(
      'DEFINITIONS_UNREADABLE',
      { file, problem: (error as Error).message },
      { cause: error },
    );
  }
}

export interface Drift {
  /** Of the file and not in the broker. */
  readonly missing: readonly string[];
  /** In the broker and not of the file. */
  readonly extra: readonly string[];
  readonly changed: readonly { readonly object: string; readonly fields: readonly string[] }[];
}

/** What the broker holds against what a file says, object by object, whatever the order. */
export function driftOf(file: Definitions, broker: Definitions): Drift {
  const missing: string[] = [];
  const extra: string[] = [];
  const changed: { object: string; fields: string[] }[] = [];
  for (const section of sections.filter(({ key }) => Array.isArray(file[key]))) {
    const wanted = named(file, section);
    const there = named(broker, section);
    for (const [object, row] of wanted) {
      const seen = there.get(object);
      const fields = seen ? differing(row, seen) : [];
      if (!seen) missing.push(object);
      else if (fields.length > 0) changed.push({ object, fields });
    }
    extra.push(...[...there.keys()].filter((object) => !wanted.has(object)));
  }
  return { missing, extra, changed };
}

export function isDrift({ missing, extra, changed }: Drift): boolean {
  return missing.length + extra.length + changed.length > 0;
}

interface Section {
  readonly key: string;
  readonly what: string;
  /** The fields that tell one from another. */
  readonly by: readonly string[];
}

const sections: readonly Section[] = [
  { key: 'vhosts', what: 'vhost', by: ['name'] },
  { key: 'users', what: 'user', by: ['name'] },
  { key: 'permissions', what: 'permission', by: ['user', 'vhost'] },
  { key: 'topic_permissions', what: 'topic permission', by: ['user', 'vhost', 'exchange'] },
  { key: 'global_parameters', what: 'global parameter', by: ['name'] },
  { key: 'parameters', what: 'parameter', by: ['component', 'name', 'vhost'] },
  { key: 'policies', what: 'policy', by: ['name', 'vhost'] },
  { key: 'exchanges', what: 'exchange', by: ['name', 'vhost'] },
  { key: 'queues', what: 'queue', by: ['name', 'vhost'] },
  {
    key: 'bindings',
    what: 'binding',
    by: ['source', 'destination_type', 'destination', 'routing_key', 'arguments', 'vhost'],
  },
];

/** These are another for each cluster. */
const own = ['cluster_name', 'internal_cluster_id'];

function named(definitions: Definitions, { key, what, by }: Section): Map<string, Row> {
  const rows = rowsOf(definitions, key).filter(
    ({ name }) => key !== 'global_parameters' || !own.includes(String(name)),
  );
  return new Map(
    rows.map((row) => [
      `${what} ${by
        .map((field) => wordOf(row[field]))
        .filter(Boolean)
        .join(' ')}`,
      row,
    ]),
  );
}

function wordOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value ?? '');
  return Object.keys(value).length === 0 ? '' : JSON.stringify(value);
}

function differing(left: Row, right: Row): string[] {
  const fields = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...fields].filter((field) => !sameJson(plain(left[field], field), plain(right[field], field)));
}

/** Tags are a list or words with commas; what is empty is as good as absent. */
function plain(value: unknown, field: string): unknown {
  if (field === 'tags') return String(value ?? '');
  const empty = typeof value === 'object' && value !== null && Object.keys(value).length === 0;
  return empty || value === null || value === '' ? undefined : value;
}

function rowsOf(definitions: Definitions, key: string): readonly Row[] {
  const rows = definitions[key];
  return Array.isArray(rows) ? (rows as Row[]) : [];
}
