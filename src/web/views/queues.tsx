import { Fragment, h } from 'preact';
import { unsynchronised } from '../alerts/rules.js';
import { path } from '../api.js';
import type { Queue } from '../api-types.js';
import { count, rate, rateOf } from '../format.js';
import type { Page } from '../page.js';
import { AddForm } from '../parts/form.js';
import { List } from '../parts/list.js';
import { Dot, Heading, Pill } from '../parts/pieces.js';
import type { Column } from '../parts/table.js';
import { hrefOf } from '../router.js';

const rates = (name: string) => `message_stats.${name}_details.rate`;

const keys = [
  'name',
  'vhost',
  'type',
  'durable',
  'auto_delete',
  'exclusive',
  'arguments',
  'policy',
  'state',
  'node',
  'leader',
  'members',
  'online',
  'slave_nodes',
  'synchronised_slave_nodes',
  'messages',
  'messages_ready',
  'messages_unacknowledged',
  'consumers',
  ...['publish', 'deliver_get', 'ack'].map(rates),
];

export function QueuesView({ page }: { page: Page }) {
  const columns: Column<Queue>[] = [
    { title: 'Name', sort: 'name', cell: (queue) => <QueueName queue={queue} vhosts={page.vhosts.length} /> },
    { title: 'State', sort: 'state', cell: (queue) => <QueueState queue={queue} /> },
    { title: 'Ready', sort: 'messages_ready', number: true, cell: (queue) => count(queue.messages_ready) },
    {
      title: 'Unacked',
      sort: 'messages_unacknowledged',
      number: true,
      show: 'wide',
      cell: (queue) => count(queue.messages_unacknowledged),
    },
    { title: 'Total', sort: 'messages', number: true, show: 'wide', cell: (queue) => count(queue.messages) },
    {
      title: 'In',
      sort: rates('publish'),
      number: true,
      show: 'wide',
      cell: (queue) => rateCell(queue, 'publish'),
    },
    {
      title: 'Out',
      sort: rates('deliver_get'),
      number: true,
      show: 'wide',
      cell: (queue) => rateCell(queue, 'deliver_get'),
    },
    {
      title: 'Consumers',
      sort: 'consumers',
      number: true,
      show: 'wide',
      cell: (queue) => count(queue.consumers),
    },
    { title: 'Leader', sort: 'node', show: 'wider', cell: (queue) => <Copies queue={queue} /> },
  ];
  return (
    <div>
      <Heading title="Queues">
        <AddQueue page={page} />
      </Heading>
      <List<Queue>
        page={page}
        resource="queues"
        one="queue"
        keys={keys}
        columns={columns}
        keyOf={({ vhost, name }) => `${vhost}\0${name}`}
        toneOf={({ state }) => (state === 'down' ? 'bad' : undefined)}
        empty="A client declares them; so can you, above."
      />
    </div>
  );
}

function rateCell(queue: Queue, name: string) {
  const value = rateOf(queue.message_stats, name);
  return value === 0 ? <span class="muted">0</span> : rate(value);
}

function QueueName({ queue, vhosts }: { queue: Queue; vhosts: number }) {
  return (
    <span class="name">
      <a href={hrefOf(['queues', queue.vhost, queue.name])}>{queue.name}</a>
      {vhosts > 1 && <small>{queue.vhost}</small>}
      <Features queue={queue} />
    </span>
  );
}

export function Features({ queue }: { queue: Queue }) {
  return (
    <Fragment>
      {queue.type !== undefined && queue.type !== 'classic' && <Pill>{queue.type}</Pill>}
      {queue.durable === false && (
        <Pill tone="quiet" title="Gone when its node restarts">
          transient
        </Pill>
      )}
      {queue.auto_delete && (
        <Pill tone="quiet" title="Deleted with its last consumer">
          auto-delete
        </Pill>
      )}
      {queue.exclusive === true && <Pill tone="quiet">exclusive</Pill>}
      {queue.policy && (
        <Pill tone="quiet" title="Policy">
          {queue.policy}
        </Pill>
      )}
    </Fragment>
  );
}

export function QueueState({ queue }: { queue: Queue }) {
  if (queue.state === undefined) return <span class="muted">…</span>;
  const down = ['down', 'stopped', 'crashed', 'minority'].includes(queue.state);
  return <Dot tone={down ? 'bad' : queue.state === 'flow' ? 'warn' : 'good'}>{queue.state}</Dot>;
}

/** The leader, and how many other copies there are, with those that are behind. */
function Copies({ queue }: { queue: Queue }) {
  const leader = queue.leader ?? queue.node ?? '–';
  const others = queue.members ? queue.members.length - 1 : (queue.slave_nodes?.length ?? 0);
  const behind = queue.members
    ? queue.members.length - (queue.online?.length ?? 0)
    : unsynchronised(queue).length;
  const copies = [...(queue.members ?? queue.slave_nodes ?? [])].join(', ');
  return (
    <span class="name">
      {leader}
      {others > 0 && (
        <Pill tone={behind > 0 ? 'warn' : 'good'} title={copies}>
          +{others}
          {behind > 0 && ` (${behind} behind)`}
        </Pill>
      )}
    </span>
  );
}

function AddQueue({ page }: { page: Page }) {
  return (
    <AddForm
      title="Add a queue"
      fields={[
        ...(page.vhosts.length > 1 ? [{ name: 'vhost', label: 'Vhost', options: page.vhosts }] : []),
        { name: 'name', label: 'Name', required: true },
        { name: 'type', label: 'Type', options: ['classic', 'quorum'] },
        { name: 'durable', label: 'Durable', kind: 'check', value: 'on' },
        { name: 'arguments', label: 'Arguments (JSON)', placeholder: '{"x-max-length": 1000}' },
      ]}
      onSubmit={({ vhost = page.vhosts[0] ?? '/', name = '', type, durable, arguments: given }) =>
        page.attempt(`Queue ${name} is there`, () =>
          page.api.put(path('queues', vhost, name), {
            durable: durable === 'on',
            arguments: { ...(type === 'classic' ? {} : { 'x-queue-type': type }), ...objectOf(given) },
          }),
        )
      }
    />
  );
}

function objectOf(text: string | undefined): Record<string, unknown> {
  return text ? (JSON.parse(text) as Record<string, unknown>) : {};
}
