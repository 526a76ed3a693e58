import { type Columns, column } from './column.js';

export const memberColumns: Columns = {
  usual: ['node', 'role', 'online', 'synchronised'],
  all: [column('node'), column('role'), column('online'), column('synchronised')],
};
