const agent = 'rabbitmq_management_agent';
const docs = 'https://www.rabbitmq.com';

const flag = (name: string, desc: string, provided_by = 'rabbit', doc_url = '') => ({
  desc,
  doc_url,
  name,
  provided_by,
  stability: 'stable',
  state: 'enabled',
});

/** The flags of RabbitMQ 3.10; names and descriptions are what its tools and pages show. */
export const featureFlags = [
  flag('classic_mirrored_queue_version', 'Support setting version for classic mirrored queues'),
  flag('drop_unroutable_metric', 'Count unroutable publishes to be dropped in stats', agent),
  flag('empty_basic_get_metric', 'Count AMQP `basic.get` on empty queues in stats', agent),
  flag(
    'implicit_default_bindings',
    'Default bindings are now implicit, instead of being stored in the database',
  ),
  flag('maintenance_mode_status', 'Maintenance mode status'),
  flag('quorum_queue', 'Support queues of type `quorum`', 'rabbit', `${docs}/quorum-queues.html`),
  flag('stream_queue', 'Support queues of type `stream`', 'rabbit', `${docs}/stream.html`),
  flag('user_limits', 'Configure connection and channel limits for a user'),
  flag('virtual_host_metadata', 'Virtual host metadata (description, tags, etc)'),
];
