import { type Columns, column, named, rate } from './column.js';

export const exchangeColumns: Columns = {
  usual: ['vhost', 'name', 'type', 'durable', 'auto_delete', 'internal', 'arguments'],
  all: [
    column('vhost'),
    column('name', 'name', named('(default)')),
    column('type'),
    column('durable'),
    column('auto_delete'),
    column('internal'),
    column('arguments'),
    column('policy'),
    column('in', 'message_stats.publish_in_details.rate', rate),
    column('out', 'message_stats.publish_out_details.rate', rate),
  ],
};

export const bindingColumns: Columns = {
  usual: ['vhost', 'source', 'destination_type', 'destination', 'routing_key', 'arguments'],
  all: [
    column('vhost'),
    column('source', 'source', named('(default)')),
    column('destination_type'),
    column('destination'),
    column('routing_key', 'routing_key', named("''")),
    column('arguments'),
    column('properties_key'),
  ],
};
