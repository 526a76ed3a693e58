import { type Columns, column } from './column.js';

export const upstreamColumns: Columns = {
  usual: ['vhost', 'name', 'uri', 'settings'],
  all: [
    column('vhost'),
    column('name'),
    column('uri', 'value.uri'),
    column('settings', 'value', (value) => settings(value, ['uri'])),
  ],
};

export const linkColumns: Columns = {
  usual: ['vhost', 'upstream', 'type', 'object', 'status', 'node', 'error'],
  all: [
    column('vhost'),
    column('upstream'),
    column('type'),
    column('object', 'exchange'),
    column('queue'),
    column('status'),
    column('node'),
    column('uri'),
    column('error'),
    column('since', 'timestamp'),
  ],
};

const ends = ['src-uri', 'src-queue', 'src-exchange', 'dest-uri', 'dest-queue', 'dest-exchange'];

export const shovelColumns: Columns = {
  usual: ['vhost', 'name', 'from', 'from_queue', 'to', 'to_queue', 'settings'],
  all: [
    column('vhost'),
    column('name'),
    column('from', 'value.src-uri'),
    column('from_queue', 'value.src-queue'),
    column('from_exchange', 'value.src-exchange'),
    column('to', 'value.dest-uri'),
    column('to_queue', 'value.dest-queue'),
    column('to_exchange', 'value.dest-exchange'),
    column('settings', 'value', (value) => settings(value, ends)),
  ],
};

export const shovelStatusColumns: Columns = {
  usual: ['vhost', 'name', 'type', 'state', 'node', 'from', 'to', 'reason'],
  all: [
    column('vhost'),
    column('name'),
    column('type'),
    column('state'),
    column('node'),
    column('from', 'src_queue'),
    column('to', 'dest_queue'),
    column('from_uri', 'src_uri'),
    column('to_uri', 'dest_uri'),
    column('reason'),
    column('since', 'timestamp'),
  ],
};

function settings(value: unknown, shown: readonly string[]): string {
  const rest = Object.entries((value ?? {}) as Record<string, unknown>).filter(
    ([key]) => !shown.includes(key),
  );
  return rest.length === 0 ? '-' : rest.map(([key, one]) => `${key}=${one}`).join(' ');
}
