import { h } from 'preact';
import type { Channel } from '../api-types.js';
import { count, rate, rateOf } from '../format.js';
import type { Page } from '../page.js';
import { List } from '../parts/list.js';
import { Dot, Heading, Pill } from '../parts/pieces.js';
import type { Column } from '../parts/table.js';
import { hrefOf } from '../router.js';

const rates = (name: string) => `message_stats.${name}_details.rate`;

export const channelColumns: readonly Column<Channel>[] = [
  { title: 'Channel', sort: 'name', cell: (channel) => <ChannelName channel={channel} /> },
  {
    title: 'State',
    sort: 'state',
    cell: ({ state }) => (state ? <Dot tone={state === 'running' ? 'good' : 'warn'}>{state}</Dot> : '…'),
  },
  { title: 'User', sort: 'user', show: 'wider', cell: ({ user }) => user },
  {
    title: 'Consumers',
    sort: 'consumer_count',
    number: true,
    show: 'wide',
    cell: (channel) => count(channel.consumer_count),
  },
  {
    title: 'Unacked',
    sort: 'messages_unacknowledged',
    number: true,
    cell: (channel) => count(channel.messages_unacknowledged),
  },
  {
    title: 'Unconfirmed',
    sort: 'messages_unconfirmed',
    number: true,
    show: 'wider',
    cell: (channel) => count(channel.messages_unconfirmed),
  },
  {
    title: 'Prefetch',
    sort: 'prefetch_count',
    number: true,
    show: 'wide',
    cell: (channel) => count(channel.prefetch_count),
  },
  {
    title: 'In',
    sort: rates('publish'),
    number: true,
    show: 'wide',
    cell: (channel) => rateCell(channel, 'publish'),
  },
  {
    title: 'Out',
    sort: rates('deliver_get'),
    number: true,
    show: 'wide',
    cell: (channel) => rateCell(channel, 'deliver_get'),
  },
];

export function ChannelsView({ page }: { page: Page }) {
  return (
    <div>
      <Heading title="Channels" />
      <List<Channel>
        page={page}
        resource="channels"
        one="channel"
        keyOf={({ name }) => name}
        empty="No connection has opened one."
        columns={channelColumns}
      />
    </div>
  );
}

function ChannelName({ channel }: { channel: Channel }) {
  const { name, connection_details: connection, confirm, transactional } = channel;
  return (
    <span class="name">
      {connection ? <a href={hrefOf(['connections', connection.name])}>{name}</a> : name}
      {confirm && (
        <Pill tone="good" title="Publishes are confirmed">
          confirms
        </Pill>
      )}
      {transactional && <Pill tone="warn">transactions</Pill>}
    </span>
  );
}

function rateCell({ message_stats: stats }: Channel, name: string) {
  const value = rateOf(stats, name);
  return value === 0 ? <span class="muted">0</span> : rate(value);
}
