import { type Columns, column } from './column.js';

export const vhostColumns: Columns = {
  usual: ['name', 'description', 'tags', 'default_queue_type', 'messages'],
  all: [
    column('name'),
    column('description'),
    column('tags'),
    column('default_queue_type', 'default_queue_type', (value) =>
      value === 'undefined' || !value ? '-' : String(value),
    ),
    column('messages'),
    column('ready', 'messages_ready'),
    column('unacknowledged', 'messages_unacknowledged'),
    column('tracing'),
    column('cluster_state'),
  ],
};
