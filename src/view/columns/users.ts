import { type Columns, column } from './column.js';

export const userColumns: Columns = {
  usual: ['name', 'tags', 'limits'],
  all: [column('name'), column('tags'), column('limits'), column('hashing_algorithm')],
};
