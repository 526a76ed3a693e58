import { type Columns, column } from './column.js';

export const policyColumns: Columns = {
  usual: ['vhost', 'name', 'pattern', 'apply_to', 'priority', 'definition'],
  all: [
    column('vhost'),
    column('name'),
    column('pattern'),
    column('apply_to', 'apply-to'),
    column('priority'),
    column('definition'),
  ],
};

export const haColumns: Columns = {
  usual: ['vhost', 'name', 'type', 'policy', 'leader', 'copies', 'ready', 'safe'],
  all: [
    column('vhost'),
    column('name'),
    column('type'),
    column('policy'),
    column('leader'),
    column('copies'),
    column('ready'),
    column('safe'),
  ],
};
