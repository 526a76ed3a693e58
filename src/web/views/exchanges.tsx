import { h } from 'preact';
import { path } from '../api.js';
import type { Exchange, Overview } from '../api-types.js';
import { exchangeName, rate, rateOf } from '../format.js';
import type { Page } from '../page.js';
import { AddForm } from '../parts/form.js';
import { List } from '../parts/list.js';
import { Heading, Pill } from '../parts/pieces.js';
import { hrefOf } from '../router.js';

const rates = (name: string) => `message_stats.${name}_details.rate`;
const keys = [
  'name',
  'vhost',
  'type',
  'durable',
  'auto_delete',
  'internal',
  'policy',
  rates('publish_in'),
  rates('publish_out'),
];

export function ExchangesView({ page }: { page: Page }) {
  return (
    <div>
      <Heading title="Exchanges">
        <AddExchange page={page} />
      </Heading>
      <List<Exchange>
        page={page}
        resource="exchanges"
        one="exchange"
        keys={keys}
        keyOf={({ vhost, name }) => `${vhost}\0${name}`}
        empty="Every vhost has some of its own."
        columns={[
          {
            title: 'Name',
            sort: 'name',
            cell: (exchange) => <ExchangeLink exchange={exchange} vhosts={page.vhosts.length} />,
          },
          { title: 'Type', sort: 'type', cell: ({ type }) => type },
          {
            title: 'In',
            sort: rates('publish_in'),
            number: true,
            cell: (exchange) => rateCell(exchange, 'publish_in'),
          },
          {
            title: 'Out',
            sort: rates('publish_out'),
            number: true,
            show: 'wide',
            cell: (exchange) => rateCell(exchange, 'publish_out'),
          },
        ]}
      />
    </div>
  );
}

function rateCell({ message_stats: stats }: Exchange, name: string) {
  const value = rateOf(stats, name);
  return value === 0 ? <span class="muted">0</span> : rate(value);
}

function ExchangeLink({ exchange, vhosts }: { exchange: Exchange; vhosts: number }) {
  return (
    <span class="name">
      <a href={hrefOf(['exchanges', exchange.vhost, exchange.name || 'amq.default'])}>
        {exchangeName(exchange.name)}
      </a>
      {vhosts > 1 && <small>{exchange.vhost}</small>}
      {exchange.durable === false && <Pill tone="quiet">transient</Pill>}
      {exchange.auto_delete && <Pill tone="quiet">auto-delete</Pill>}
      {exchange.internal && (
        <Pill tone="quiet" title="Clients cannot publish to it">
          internal
        </Pill>
      )}
      {exchange.policy && (
        <Pill tone="quiet" title="Policy">
          {exchange.policy}
        </Pill>
      )}
    </span>
  );
}

/** The types that this broker has are asked for when the form opens with the view. */
function AddExchange({ page }: { page: Page }) {
  return (
    <AddForm
      title="Add an exchange"
      fields={[
        ...(page.vhosts.length > 1 ? [{ name: 'vhost', label: 'Vhost', options: page.vhosts }] : []),
        { name: 'name', label: 'Name', required: true },
        {
          name: 'type',
          label: 'Type',
          required: true,
          value: 'topic',
          placeholder: 'topic, direct, fanout, headers …',
        },
        { name: 'durable', label: 'Durable', kind: 'check', value: 'on' },
      ]}
      onSubmit={({ vhost = page.vhosts[0] ?? '/', name = '', type = '', durable }) =>
        page.attempt(`Exchange ${name} is there`, async () => {
          const { exchange_types } = await page.api.get<Overview>('overview', { columns: 'exchange_types' });
          const known = exchange_types.map((each) => each.name);
          if (!known.includes(type))
            throw new Error(`there is no exchange type ${type}; there are ${known.join(', ')}`);
          await page.api.put(path('exchanges', vhost, name), { type, durable: durable === 'on' });
        })
      }
    />
  );
}
