/** The feature flags of RabbitMQ 3.10.8; all of them are in force here from the start. */
export const featureFlags = [
  {
    name: 'classic_mirrored_queue_version',
    desc: 'Support setting version for classic mirrored queues',
    doc_url: '',
    provided_by: 'rabbit',
  },
  {
    name: 'drop_unroutable_metric',
    desc: 'Count unroutable publishes to be dropped in stats',
    doc_url: '',
    provided_by: 'rabbitmq_management_agent',
  },
  {
    name: 'empty_basic_get_metric',
    desc: 'Count AMQP `basic.get` on empty queues in stats',
    doc_url: '',
    provided_by: 'rabbitmq_management_agent',
  },
  {
    name: 'implicit_default_bindings',
    desc: 'Default bindings are now implicit, instead of being stored in the database',
    doc_url: '',
    provided_by: 'rabbit',
  },
  { name: 'maintenance_mode_status', desc: 'Maintenance mode status', doc_url: '', provided_by: 'rabbit' },
  {
    name: 'quorum_queue',
    desc: 'Support queues of type `quorum`',
    doc_url: 'https://www.rabbitmq.com/quorum-queues.html',
    provided_by: 'rabbit',
  },
  {
    name: 'stream_queue',
    desc: 'Support queues of type `stream`',
    doc_url: 'https://www.rabbitmq.com/stream.html',
    provided_by: 'rabbit',
  },
  {
    name: 'user_limits',
    desc: 'Configure connection and channel limits for a user',
    doc_url: '',
    provided_by: 'rabbit',
  },
  {
    name: 'virtual_host_metadata',
    desc: 'Virtual host metadata (description, tags, etc)',
    doc_url: '',
    provided_by: 'rabbit',
  },
] as const;
