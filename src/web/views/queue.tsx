import { h } from 'preact';
import { unsynchronised } from '../alerts/rules.js';
import { path } from '../api.js';
import type { Binding, Consumer, Queue } from '../api-types.js';
import { bytes, count, exchangeName, rate, rateOf } from '../format.js';
import type { Page } from '../page.js';
import { Bindings } from '../parts/bindings.js';
import { Chart } from '../parts/chart.js';
import { GetMessages } from '../parts/get-messages.js';
import { Live } from '../parts/live.js';
import { Card, Dot, Empty, Facts, Figure, Heading, Pairs } from '../parts/pieces.js';
import { PublishForm } from '../parts/publish-form.js';
import { RangeChoice, rangeOf } from '../parts/range.js';
import { Table } from '../parts/table.js';
import { hrefOf } from '../router.js';
import { rateLines } from './overview.js';
import { Features, QueueState } from './queues.js';

interface Props {
  readonly page: Page;
  readonly vhost: string;
  readonly name: string;
}

export function QueueView({ page, vhost, name }: Props) {
  const range = rangeOf(page);
  const where = path('queues', vhost, name);
  return (
    <div>
      <Heading title={name} kind={vhost === '/' ? 'Queue' : `Queue in ${vhost}`}>
        <RangeChoice page={page} />
        <Remove page={page} vhost={vhost} name={name} />
      </Heading>
      <Live<Queue> of={range.name} keep load={(signal) => page.api.get(where, range.query, signal)}>
        {(queue) => <Details queue={queue} />}
      </Live>
      <Bindings
        page={page}
        vhost={vhost}
        name={name}
        kind="queue"
        load={(signal) => page.api.get<Binding[]>(path('queues', vhost, name, 'bindings'), {}, signal)}
        fields={[{ name: 'source', label: 'Exchange', required: true, placeholder: 'amq.topic' }]}
        wished={({ source = '' }) => ({
          where: path('bindings', vhost, 'e', source, 'q', name),
          done: `${name} is bound to ${exchangeName(source)}`,
        })}
      />
      <div class="columns">
        <Card title="Publish to this queue">
          <PublishForm page={page} vhost={vhost} exchange="" routingKey={name} />
        </Card>
        <Card title="Get messages">
          <GetMessages page={page} vhost={vhost} name={name} />
        </Card>
      </div>
    </div>
  );
}

function Remove({ page, vhost, name }: Props) {
  const purge = async () => {
    if (!(await page.ask(`Throw away every message that waits in ${name}?`, 'Purge'))) return;
    await page.attempt(`${name} is empty`, () => page.api.delete(path('queues', vhost, name, 'contents')));
  };
  const remove = async () => {
    if (!(await page.ask(`Delete the queue ${name} with all its messages?`, 'Delete'))) return;
    const done = await page.attempt(`${name} is deleted`, () => page.api.delete(path('queues', vhost, name)));
    if (done) location.hash = hrefOf(['queues']);
  };
  return (
    <span class="actions">
      <button type="button" onClick={purge}>
        Purge …
      </button>
      <button type="button" class="danger" onClick={remove}>
        Delete …
      </button>
    </span>
  );
}

function Details({ queue }: { queue: Queue }) {
  const { message_stats: stats } = queue;
  return (
    <div>
      <div class="figures">
        <Figure label="Ready" value={count(queue.messages_ready)} />
        <Figure label="Unacknowledged" value={count(queue.messages_unacknowledged)} />
        <Figure label="In" value={rate(rateOf(stats, 'publish'))} />
        <Figure label="Out" value={rate(rateOf(stats, 'deliver_get'))} />
        <Figure label="Consumers" value={count(queue.consumers)} />
        <Figure label="Bytes" value={bytes(queue.message_bytes)} />
      </div>
      <div class="columns">
        <Card>
          <Chart
            label="Messages waiting"
            unit="count"
            lines={[
              { label: 'Ready', colour: 'blue', details: queue.messages_ready_details },
              { label: 'Unacknowledged', colour: 'orange', details: queue.messages_unacknowledged_details },
            ]}
          />
        </Card>
        <Card>
          <Chart label="Message rates" unit="rate" lines={rateLines(stats)} />
        </Card>
      </div>
      <div class="columns">
        <Card title="About">
          <Facts
            of={[
              ['State', <QueueState key="state" queue={queue} />],
              ['Type', queue.type],
              [
                'Features',
                <span key="features" class="name">
                  <Features queue={queue} />
                </span>,
              ],
              ['Arguments', <Pairs key="arguments" of={queue.arguments} />],
              ['Policy gives', <Pairs key="policy" of={queue.effective_policy_definition} />],
              ['Memory', bytes(queue.memory)],
            ]}
          />
        </Card>
        <Card title="Copies">
          <CopyList queue={queue} />
        </Card>
      </div>
      <Card title="Consumers">
        <Consumers of={queue.consumer_details ?? []} />
      </Card>
    </div>
  );
}

function CopyList({ queue }: { queue: Queue }) {
  const leader = queue.leader ?? queue.node;
  const behind = new Set(unsynchronised(queue));
  const others = (queue.members ?? queue.slave_nodes ?? []).filter((node) => node !== leader);
  const missing = (node: string) => queue.online !== undefined && !queue.online.includes(node);
  return (
    <ul class="plain">
      <li>
        <Dot tone={queue.state === 'down' ? 'bad' : 'good'}>{leader}</Dot> <span class="muted">leader</span>
      </li>
      {others.map((node) => (
        <li key={node}>
          <Dot tone={missing(node) ? 'bad' : behind.has(node) ? 'warn' : 'good'}>{node}</Dot>{' '}
          <span class="muted">
            {missing(node)
              ? 'not there'
              : behind.has(node)
                ? 'not synchronised'
                : queue.members
                  ? 'member'
                  : 'mirror, synchronised'}
          </span>
        </li>
      ))}
      {others.length === 0 && <li class="muted">No other node has a copy.</li>}
    </ul>
  );
}

function Consumers({ of }: { of: readonly Consumer[] }) {
  if (of.length === 0) return <Empty title="Nobody consumes from it" />;
  return (
    <Table<Consumer>
      label="consumers"
      rows={of}
      keyOf={(consumer) => consumer.channel_details.name + consumer.consumer_tag}
      columns={[
        { title: 'Tag', cell: ({ consumer_tag }) => <code>{consumer_tag}</code> },
        {
          title: 'Channel',
          cell: ({ channel_details: { name, connection_name } }) => (
            <a href={hrefOf(['connections', connection_name])}>{name}</a>
          ),
        },
        { title: 'Acknowledges', show: 'wide', cell: ({ ack_required }) => (ack_required ? 'yes' : 'no') },
        {
          title: 'Prefetch',
          number: true,
          cell: ({ prefetch_count }) => (prefetch_count === 0 ? 'unlimited' : count(prefetch_count)),
        },
        { title: 'Active', show: 'wide', cell: ({ active }) => (active === false ? 'waiting' : 'yes') },
      ]}
    />
  );
}
