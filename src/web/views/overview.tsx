import { h } from 'preact';
import type { Watched } from '../alerts/observe.js';
import type { Overview } from '../api-types.js';
import { count, detailsOf, figure, rate, rateOf } from '../format.js';
import { may, type Page } from '../page.js';
import { Chart } from '../parts/chart.js';
import { Live } from '../parts/live.js';
import { Card, Facts, Figure, Heading } from '../parts/pieces.js';
import { RangeChoice, rangeOf } from '../parts/range.js';
import { AlertList } from './alerts.js';
import { NodeCards } from './nodes.js';

export function OverviewView({ page, watched }: { page: Page; watched: Watched | undefined }) {
  const range = rangeOf(page);
  return (
    <div>
      <Heading title="Overview">
        <RangeChoice page={page} />
      </Heading>
      {page.alerts.now.length > 0 && (
        <Card title="Alerts">
          <AlertList alerts={page.alerts.now.slice(0, 5)} />
        </Card>
      )}
      <Live<Overview> of={range.name} keep load={(signal) => page.api.get('overview', range.query, signal)}>
        {(overview) => <Totals overview={overview} />}
      </Live>
      {may(page, 'monitoring') && watched && <NodeCards nodes={watched.nodes} />}
    </div>
  );
}

function Totals({ overview }: { overview: Overview }) {
  const { object_totals: objects, queue_totals: queues, message_stats: stats } = overview;
  return (
    <div>
      <div class="figures">
        <Figure label="Ready" value={count(figure(queues, 'messages_ready') ?? 0)} />
        <Figure label="Unacknowledged" value={count(figure(queues, 'messages_unacknowledged') ?? 0)} />
        <Figure label="Published" value={rate(rateOf(stats, 'publish'))} />
        <Figure label="Delivered" value={rate(rateOf(stats, 'deliver_get'))} />
        <Figure label="Queues" value={count(objects.queues)} />
        <Figure label="Connections" value={count(objects.connections)} />
        <Figure label="Channels" value={count(objects.channels)} />
        <Figure label="Consumers" value={count(objects.consumers)} />
      </div>
      <div class="columns">
        <Card>
          <Chart
            label="Messages waiting"
            unit="count"
            lines={[
              { label: 'Ready', colour: 'blue', details: detailsOf(queues, 'messages_ready') },
              {
                label: 'Unacknowledged',
                colour: 'orange',
                details: detailsOf(queues, 'messages_unacknowledged'),
              },
            ]}
          />
        </Card>
        <Card>
          <Chart label="Message rates" unit="rate" lines={rateLines(stats)} />
        </Card>
      </div>
      <Card title="About">
        <Facts
          of={[
            ['Cluster', overview.cluster_name],
            ['Broker', broker(overview)],
            ['Answers', overview.node],
            ['Exchanges', count(objects.exchanges)],
            ['Listeners', listenerText(overview)],
          ]}
        />
      </Card>
    </div>
  );
}

export function rateLines(stats: Overview['message_stats'] | undefined) {
  return [
    { label: 'Publish', colour: 'blue', details: detailsOf(stats, 'publish') },
    { label: 'Deliver and get', colour: 'green', details: detailsOf(stats, 'deliver_get') },
    { label: 'Acknowledge', colour: 'violet', details: detailsOf(stats, 'ack') },
    { label: 'Redeliver', colour: 'red', details: detailsOf(stats, 'redeliver') },
  ] as const;
}

function broker({ product_name, product_version, rabbitmq_version }: Overview): string {
  if (!product_name || product_name === 'RabbitMQ') return `RabbitMQ ${rabbitmq_version}`;
  return `${product_name} ${product_version}, as RabbitMQ ${rabbitmq_version}`;
}

/** One port of several nodes is said once. */
function listenerText({ listeners = [] }: Overview): string {
  const ports = new Map<string, Set<number>>();
  for (const { protocol, port } of listeners)
    ports.set(protocol, (ports.get(protocol) ?? new Set()).add(port));
  return [...ports].map(([protocol, of]) => `${protocol} ${[...of].join(', ')}`).join(' · ');
}
