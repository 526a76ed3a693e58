import { h } from 'preact';
import { path } from '../api.js';
import type { Channel, Connection } from '../api-types.js';
import { bytes, duration } from '../format.js';
import type { Page } from '../page.js';
import { Chart } from '../parts/chart.js';
import { Live } from '../parts/live.js';
import { Card, Empty, Facts, Heading } from '../parts/pieces.js';
import { RangeChoice, rangeOf } from '../parts/range.js';
import { Table } from '../parts/table.js';
import { hrefOf } from '../router.js';
import { channelColumns } from './channels.js';
import { CloseButton, ConnectionState } from './connections.js';

export function ConnectionView({ page, name }: { page: Page; name: string }) {
  const range = rangeOf(page);
  const where = path('connections', name);
  const gone = () => {
    location.hash = hrefOf(['connections']);
  };
  return (
    <div>
      <Heading title={name} kind="Connection">
        <RangeChoice page={page} />
        <CloseButton page={page} name={name} onDone={gone} />
      </Heading>
      <Live<Connection> of={range.name} keep load={(signal) => page.api.get(where, range.query, signal)}>
        {(connection) => <Details connection={connection} />}
      </Live>
      <Live<Channel[]>
        of="channels"
        load={(signal) => page.api.get(path('connections', name, 'channels'), {}, signal)}
      >
        {(channels) => (
          <Card title="Channels">
            {channels.length === 0 ? (
              <Empty title="It has no channel" />
            ) : (
              <Table
                label="channels"
                rows={channels}
                keyOf={(channel) => channel.name}
                columns={channelColumns}
              />
            )}
          </Card>
        )}
      </Live>
    </div>
  );
}

function Details({ connection }: { connection: Connection }) {
  const { client_properties: client = {} } = connection;
  return (
    <div class="columns">
      <Card title="About">
        <Facts
          of={[
            ['State', <ConnectionState key="state" connection={connection} />],
            ['User', connection.user],
            ['Vhost', connection.vhost],
            ['Node', connection.node],
            ['Client', clientText(client)],
            ['Protocol', `${connection.protocol ?? ''}${connection.ssl ? ' over TLS' : ''}`],
            ['Login by', connection.auth_mechanism],
            ['Connected', connection.connected_at && `${duration(Date.now() - connection.connected_at)} ago`],
            [
              'Heartbeat',
              connection.timeout === 0 ? 'none' : connection.timeout && `${connection.timeout} s`,
            ],
            ['Received', bytes(connection.recv_oct)],
            ['Sent', bytes(connection.send_oct)],
          ]}
        />
      </Card>
      <Card>
        <Chart
          label="Bytes per second"
          unit="rate"
          lines={[
            { label: 'From the client', colour: 'blue', details: connection.recv_oct_details },
            { label: 'To the client', colour: 'green', details: connection.send_oct_details },
          ]}
        />
      </Card>
    </div>
  );
}

function clientText(client: Readonly<Record<string, unknown>>): string {
  return ['product', 'version', 'platform']
    .map((key) => client[key])
    .filter((part) => typeof part === 'string')
    .join(' ');
}
