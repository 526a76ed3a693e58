import { h } from 'preact';
import { path } from '../api.js';
import type { Connection } from '../api-types.js';
import { bytes, count } from '../format.js';
import type { Page } from '../page.js';
import { List } from '../parts/list.js';
import { Dot, Heading, Pill } from '../parts/pieces.js';
import { hrefOf } from '../router.js';

export function ConnectionsView({ page }: { page: Page }) {
  return (
    <div>
      <Heading title="Connections" />
      <List<Connection>
        page={page}
        resource="connections"
        one="connection"
        keyOf={({ name }) => name}
        empty="No client is connected over AMQP."
        columns={[
          { title: 'Name', sort: 'name', cell: (connection) => <ConnectionName connection={connection} /> },
          {
            title: 'State',
            sort: 'state',
            cell: (connection) => <ConnectionState connection={connection} />,
          },
          { title: 'User', sort: 'user', show: 'wide', cell: ({ user }) => user },
          {
            title: 'Channels',
            sort: 'channels',
            number: true,
            show: 'wide',
            cell: ({ channels }) => count(channels),
          },
          {
            title: 'From',
            sort: 'recv_oct_details.rate',
            number: true,
            show: 'wider',
            cell: (connection) => perSecond(connection, 'recv'),
          },
          {
            title: 'To',
            sort: 'send_oct_details.rate',
            number: true,
            show: 'wider',
            cell: (connection) => perSecond(connection, 'send'),
          },
          { title: 'Node', sort: 'node', show: 'wider', cell: ({ node }) => node },
          { title: '', cell: ({ name }) => <CloseButton page={page} name={name} /> },
        ]}
      />
    </div>
  );
}

function perSecond(connection: Connection, way: 'recv' | 'send') {
  const rate = connection[`${way}_oct_details`]?.rate;
  return rate ? `${bytes(rate)}/s` : <span class="muted">0</span>;
}

function ConnectionName({ connection }: { connection: Connection }) {
  const { name, user_provided_name: own, ssl } = connection;
  return (
    <span class="name">
      <a href={hrefOf(['connections', name])}>{own ?? name}</a>
      {own && <small>{name}</small>}
      {ssl === true && <Pill tone="good">TLS</Pill>}
    </span>
  );
}

export function ConnectionState({ connection: { state } }: { connection: Connection }) {
  if (state === undefined) return <span class="muted">…</span>;
  const tone = state === 'running' ? 'good' : state === 'blocked' ? 'bad' : 'warn';
  return <Dot tone={tone}>{state}</Dot>;
}

/** The client is told why, and most connect again by themselves. */
export function CloseButton({ page, name, onDone }: { page: Page; name: string; onDone?: () => void }) {
  const close = async () => {
    if (
      !(await page.ask(`Close the connection ${name}? Its client may connect again by itself.`, 'Close it'))
    )
      return;
    if (await page.attempt('The connection is closed', () => page.api.delete(path('connections', name))))
      onDone?.();
  };
  return (
    <button type="button" class="small danger" onClick={close} aria-label={`Close ${name}`}>
      Close …
    </button>
  );
}
