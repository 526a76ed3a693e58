/** A row of a list, as the management API has it. */
export type Row = Readonly<Record<string, unknown>>;

/** A column that a list can show: its name, the field of the API, and how a person reads it. */
export interface Column {
  readonly name: string;
  /** With dots into what is nested. */
  readonly field: string;
  readonly read: (value: unknown) => string;
}

/** What a list can show, and what it shows when nobody says. */
export interface Columns {
  readonly all: readonly Column[];
  readonly usual: readonly string[];
}

export function column(name: string, field = name, read: Column['read'] = words): Column {
  return { name, field, read };
}

export function fieldOf(row: Row, path: string): unknown {
  return path.split('.').reduce<unknown>((value, key) => (value as Row | undefined)?.[key], row);
}

/** A value of JSON in a cell: `-` for what is not there. */
export function words(value: unknown): string {
  if (value === null || value === undefined) return '-';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value)) return value.length === 0 ? '-' : value.map(words).join(' ');
  if (typeof value !== 'object') return String(value);
  const pairs = Object.entries(value);
  return pairs.length === 0 ? '-' : pairs.map(([key, one]) => `${key}=${nested(one)}`).join(' ');
}

function nested(value: unknown): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}

/** For names that may be empty: a cell without anything would shift a reader's columns. */
export function named(empty: string): Column['read'] {
  return (value) => (value === '' ? empty : words(value));
}

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

export function bytes(value: unknown): string {
  if (typeof value !== 'number') return words(value);
  let size = value;
  let unit = 0;
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit++;
  }
  return `${unit === 0 ? size : size.toFixed(1)} ${units[unit]}`;
}

/** Messages a second. */
export function rate(value: unknown): string {
  return typeof value === 'number' ? `${value.toFixed(1)}/s` : words(value);
}

/** Milliseconds since 1970, as the API tells a time. */
export function time(value: unknown): string {
  return typeof value === 'number'
    ? new Date(value).toISOString().replace('T', ' ').slice(0, 19)
    : words(value);
}

/** Milliseconds that something has lasted. */
export function lasting(value: unknown): string {
  if (typeof value !== 'number') return words(value);
  const seconds = Math.floor(value / 1000);
  const [days, hours, minutes] = [86_400, 3_600, 60].map((unit, at, all) =>
    Math.floor((at === 0 ? seconds : seconds % all[at - 1]!) / unit),
  ) as [number, number, number];
  if (days > 0) return `${days}d ${hours}h`;
  if (hours > 0) return `${hours}h ${minutes}m`;
  return minutes > 0 ? `${minutes}m ${seconds % 60}s` : `${seconds}s`;
}
