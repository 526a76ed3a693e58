import { type Columns, column } from './column.js';

export const pluginColumns: Columns = {
  usual: ['name', 'version', 'state', 'nodes', 'missing'],
  all: [column('name'), column('version'), column('state'), column('nodes'), column('missing')],
};
