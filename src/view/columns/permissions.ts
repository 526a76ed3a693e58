import { type Columns, column, named } from './column.js';

const rule = named("''");

export const permissionColumns: Columns = {
  usual: ['user', 'vhost', 'configure', 'write', 'read'],
  all: [
    column('user'),
    column('vhost'),
    column('configure', 'configure', rule),
    column('write', 'write', rule),
    column('read', 'read', rule),
  ],
};

export const topicPermissionColumns: Columns = {
  usual: ['user', 'vhost', 'exchange', 'write', 'read'],
  all: [
    column('user'),
    column('vhost'),
    column('exchange'),
    column('write', 'write', rule),
    column('read', 'read', rule),
  ],
};
