import { createHash } from 'node:crypto';
import { stringify } from 'yaml';

/**
 * A template for Zabbix 6.0 that takes one document apart: `warren.metrics` is
 * the only item that is asked for (by the agent) or sent (by zabbix_sender), and
 * all others depend on it, so all figures are of the same moment. Nodes, queues,
 * addresses and certificates are found by themselves.
 * https://www.zabbix.com/documentation/6.0/en/manual/xml_export_import/templates
 */
export function zabbixTemplate({ sender }: { readonly sender: boolean }): string {
  const groups = [{ name: group }];
  const template = {
    uuid: uuid('template'),
    template: name,
    name,
    description: sender
      ? 'Fed by: warren metrics --zabbix | zabbix_sender -z SERVER -i -'
      : 'Asks the agent, which has: UserParameter=warren.metrics,warren metrics --json',
    groups,
    items: [master(sender), ...figures.map(figure)],
    discovery_rules: discoveries.map(discovery),
    macros: macros.map(([macro, value, description]) => ({ macro, value, description })),
  };
  const zabbix_export = {
    version: '6.0',
    date: '2026-01-01T00:00:00Z',
    groups: [{ uuid: uuid('group'), name: group }],
    templates: [template],
  };
  return stringify(
    { zabbix_export },
    { lineWidth: 0, defaultStringType: 'QUOTE_SINGLE', defaultKeyType: 'PLAIN' },
  );
}

const name = 'RabbitMQ by Warren';
const group = 'Templates/Applications';
const key = 'warren.metrics';

type Priority = 'WARNING' | 'HIGH';

/** What it means when an item has a value: the condition, with `it` for its last value. */
interface Trigger {
  readonly when: string;
  readonly name: string;
  readonly priority: Priority;
}

const macros = [
  ['{$WARREN.MEMORY.MAX}', '80', 'Per cent of the memory that a node may use'],
  ['{$WARREN.DISK.MIN}', '200', 'Free disk space in per cent of the limit that blocks publishers'],
  ['{$WARREN.FDS.MAX}', '80', 'Per cent of the file descriptors that a node may open'],
  ['{$WARREN.QUEUE.MAX}', '10000', 'Messages in a queue'],
  ['{$WARREN.CERTIFICATE.DAYS}', '30', 'Days that a certificate should still be good for'],
] as const;

const figures: readonly [string, string, Trigger?][] = [
  [
    'up',
    'State of the cluster can be told',
    { when: 'it=0', name: 'The state of the cluster cannot be told', priority: 'HIGH' },
  ],
  ['connections', 'Connections'],
  ['channels', 'Channels'],
  [
    'versions',
    'Versions of the nodes',
    { when: 'it>1', name: 'Nodes run different versions', priority: 'WARNING' },
  ],
  [
    'cookies',
    'Erlang cookies of the hosts',
    { when: 'it>1', name: 'Hosts have different Erlang cookies', priority: 'HIGH' },
  ],
];

interface Discovery {
  readonly rows: string;
  readonly id: string;
  readonly macro: string;
  /** Besides the one that tells the rows apart. */
  readonly others?: Readonly<Record<string, string>>;
  readonly title: string;
  readonly items: readonly [string, string, string?, Trigger?][];
}

const discoveries: readonly Discovery[] = [
  {
    rows: 'nodes',
    id: 'node',
    macro: '{#NODE}',
    title: 'Node {#NODE}',
    items: [
      ['up', 'up', '', { when: 'it=0', name: 'is down', priority: 'HIGH' }],
      [
        'memory_used_bytes',
        'memory',
        'B',
        {
          when: '100*it>{$WARREN.MEMORY.MAX}*last(/T/warren.node.memory_limit_bytes[{#NODE}])',
          name: 'uses much of its memory',
          priority: 'WARNING',
        },
      ],
      ['memory_limit_bytes', 'memory limit', 'B'],
      [
        'memory_alarm',
        'memory alarm',
        '',
        { when: 'it=1', name: 'memory alarm: publishers are blocked', priority: 'HIGH' },
      ],
      [
        'disk_free_bytes',
        'free disk space',
        'B',
        {
          when: '100*it<{$WARREN.DISK.MIN}*last(/T/warren.node.disk_limit_bytes[{#NODE}])',
          name: 'has little free disk space',
          priority: 'WARNING',
        },
      ],
      ['disk_limit_bytes', 'disk limit', 'B'],
      [
        'disk_alarm',
        'disk alarm',
        '',
        { when: 'it=1', name: 'disk alarm: publishers are blocked', priority: 'HIGH' },
      ],
      [
        'file_descriptors_used',
        'file descriptors',
        '',
        {
          when: '100*it>{$WARREN.FDS.MAX}*last(/T/warren.node.file_descriptors_limit[{#NODE}])',
          name: 'has opened many of its files and sockets',
          priority: 'WARNING',
        },
      ],
      ['file_descriptors_limit', 'file descriptors that it may open'],
      [
        'partitions',
        'partitions',
        '',
        { when: 'it>0', name: 'is partitioned from others', priority: 'HIGH' },
      ],
      ['uptime_seconds', 'uptime', 'uptime'],
    ],
  },
  {
    rows: 'queues',
    id: 'queue',
    macro: '{#QUEUE}',
    others: { '{#VHOST}': 'vhost' },
    title: 'Queue {#QUEUE} in {#VHOST}',
    items: [
      [
        'messages',
        'messages',
        '',
        { when: 'it>{$WARREN.QUEUE.MAX}', name: 'holds many messages', priority: 'WARNING' },
      ],
      ['messages_ready', 'ready'],
      ['messages_unacknowledged', 'unacknowledged'],
      ['consumers', 'consumers'],
      ['down', 'down', '', { when: 'it=1', name: 'cannot be used', priority: 'HIGH' }],
    ],
  },
  {
    rows: 'addresses',
    id: 'address',
    macro: '{#ADDRESS}',
    title: 'Virtual address {#ADDRESS}',
    items: [
      ['holders', 'holders', '', { when: 'it<>1', name: 'is held by none, or by two', priority: 'HIGH' }],
    ],
  },
  {
    rows: 'certificates',
    id: 'listener',
    macro: '{#LISTENER}',
    title: 'Certificate at {#LISTENER}',
    items: [
      [
        'expires_seconds',
        'expires',
        'unixtime',
        { when: 'it-now()<86400*{$WARREN.CERTIFICATE.DAYS}', name: 'expires soon', priority: 'WARNING' },
      ],
    ],
  },
];

function master(sender: boolean): Record<string, unknown> {
  const type = sender ? { type: 'TRAP', delay: '0' } : { delay: '1m' };
  return {
    uuid: uuid(key),
    name: 'Figures of the cluster',
    ...type,
    key,
    history: '0',
    trends: '0',
    value_type: 'TEXT',
  };
}

function figure([figure, title, trigger]: (typeof figures)[number]): Record<string, unknown> {
  const own = `warren.${figure}`;
  const triggers = trigger && [triggerOf(own, trigger.name, trigger)];
  return { ...dependent(own, title, `$.figures.${figure}`), ...(triggers ? { triggers } : {}) };
}

function discovery({ rows, id, macro, others = {}, title, items }: Discovery): Record<string, unknown> {
  const paths = { [macro]: id, ...others };
  const macrosOf = Object.keys(paths);
  const row = Object.entries(paths)
    .map(([one, field]) => `@.${field} == "${one}"`)
    .join(' && ');
  return {
    uuid: uuid(`discovery ${rows}`),
    name: `Find ${rows}`,
    type: 'DEPENDENT',
    key: `warren.${rows}`,
    delay: '0',
    item_prototypes: items.map(([field, what, units, trigger]) => {
      const own = `warren.${id}.${field}[${macrosOf.join()}]`;
      const prototypes = trigger && [triggerOf(own, `${title} ${trigger.name}`, trigger)];
      return {
        ...dependent(own, `${title}: ${what}`, `$.${rows}[?(${row})].${field}.first()`),
        ...(units ? { units } : {}),
        ...(prototypes ? { trigger_prototypes: prototypes } : {}),
      };
    }),
    master_item: { key },
    lld_macro_paths: Object.entries(paths).map(([lld_macro, field]) => ({ lld_macro, path: `$.${field}` })),
    preprocessing: [{ type: 'JSONPATH', parameters: [`$.${rows}`] }],
  };
}

/** A figure that is not there now is no value, and no error. */
function dependent(own: string, title: string, path: string): Record<string, unknown> {
  return {
    uuid: uuid(own),
    name: title,
    type: 'DEPENDENT',
    key: own,
    delay: '0',
    value_type: 'FLOAT',
    preprocessing: [{ type: 'JSONPATH', parameters: [path], error_handler: 'DISCARD_VALUE' }],
    master_item: { key },
  };
}

function triggerOf(own: string, title: string, { when, priority }: Trigger): Record<string, unknown> {
  const last = `last(/${name}/${own})`;
  const expression = when.replace(/\bit\b/, last).replace('/T/', `/${name}/`);
  return { uuid: uuid(`trigger ${own}`), expression, name: title, priority };
}

/** Zabbix knows its things by UUIDs of version 4: always the same ones, so that an import renews and does not double. */
function uuid(of: string): string {
  const hex = createHash('sha256').update(`warren ${of}`).digest('hex');
  return `${hex.slice(0, 12)}4${hex.slice(13, 16)}a${hex.slice(17, 32)}`;
}
