import { type Columns, column } from './column.js';

export const parameterColumns: Columns = {
  usual: ['component', 'vhost', 'name', 'value'],
  all: [column('component'), column('vhost'), column('name'), column('value')],
};

export const globalParameterColumns: Columns = {
  usual: ['name', 'value'],
  all: [column('name'), column('value')],
};

export const featureFlagColumns: Columns = {
  usual: ['name', 'state', 'stability', 'description'],
  all: [
    column('name'),
    column('state'),
    column('stability'),
    column('description', 'desc'),
    column('provided_by'),
  ],
};
