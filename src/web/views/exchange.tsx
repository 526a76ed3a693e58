import { h } from 'preact';
import { path } from '../api.js';
import type { Binding, Exchange } from '../api-types.js';
import { detailsOf, exchangeName } from '../format.js';
import type { Page } from '../page.js';
import { Bindings } from '../parts/bindings.js';
import { Chart } from '../parts/chart.js';
import { Live } from '../parts/live.js';
import { Card, Facts, Heading, Pairs } from '../parts/pieces.js';
import { PublishForm } from '../parts/publish-form.js';
import { RangeChoice, rangeOf } from '../parts/range.js';
import { hrefOf } from '../router.js';

interface Props {
  readonly page: Page;
  readonly vhost: string;
  /** As it stands in a path: the one without a name is amq.default. */
  readonly name: string;
}

export function ExchangeView({ page, vhost, name }: Props) {
  const range = rangeOf(page);
  const own = name === 'amq.default' ? '' : name;
  const remove = async () => {
    if (!(await page.ask(`Delete the exchange ${name} with its bindings?`, 'Delete'))) return;
    const done = await page.attempt(`${name} is deleted`, () =>
      page.api.delete(path('exchanges', vhost, name)),
    );
    if (done) location.hash = hrefOf(['exchanges']);
  };
  return (
    <div>
      <Heading title={exchangeName(own)} kind={vhost === '/' ? 'Exchange' : `Exchange in ${vhost}`}>
        <RangeChoice page={page} />
        {!name.startsWith('amq.') && (
          <button type="button" class="danger" onClick={remove}>
            Delete …
          </button>
        )}
      </Heading>
      <Live<Exchange>
        of={range.name}
        keep
        load={(signal) => page.api.get(path('exchanges', vhost, name), range.query, signal)}
      >
        {(exchange) => <Details exchange={exchange} />}
      </Live>
      {own !== '' && <Bound page={page} vhost={vhost} name={name} />}
      <Card title="Publish">
        <PublishForm page={page} vhost={vhost} exchange={own} />
      </Card>
    </div>
  );
}

function Details({ exchange }: { exchange: Exchange }) {
  return (
    <div class="columns">
      <Card>
        <Chart
          label="Message rates"
          unit="rate"
          lines={[
            { label: 'In', colour: 'blue', details: detailsOf(exchange.message_stats, 'publish_in') },
            { label: 'Out', colour: 'green', details: detailsOf(exchange.message_stats, 'publish_out') },
          ]}
        />
      </Card>
      <Card title="About">
        <Facts
          of={[
            ['Type', exchange.type],
            ['Durable', exchange.durable ? 'yes' : 'no'],
            ['Auto-delete', exchange.auto_delete ? 'yes' : undefined],
            ['Internal', exchange.internal ? 'yes' : undefined],
            ['Policy', exchange.policy],
            ['Arguments', <Pairs key="arguments" of={exchange.arguments} />],
          ]}
        />
      </Card>
    </div>
  );
}

/** Those that lead from it, and those that lead to it. */
function Bound({ page, vhost, name }: Props) {
  const load = async (signal: AbortSignal) => {
    const both = ['source', 'destination'].map((side) =>
      page.api.get<Binding[]>(path('exchanges', vhost, name, 'bindings', side), {}, signal),
    );
    return (await Promise.all(both)).flat();
  };
  return (
    <Bindings
      page={page}
      vhost={vhost}
      name={name}
      kind="exchange"
      load={load}
      fields={[
        { name: 'kind', label: 'To a', options: ['queue', 'exchange'] },
        { name: 'destination', label: 'Named', required: true },
      ]}
      wished={({ kind, destination = '' }) => ({
        where: path('bindings', vhost, 'e', name, kind === 'queue' ? 'q' : 'e', destination),
        done: `${destination} is bound to ${name}`,
      })}
    />
  );
}
