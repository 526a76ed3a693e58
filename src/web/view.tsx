/** From the address to the view. */

import { h } from 'preact';
import type { Watched } from './alerts/observe.js';
import type { Page } from './page.js';
import { Empty } from './parts/pieces.js';
import { AlertsView } from './views/alerts.js';
import { ChannelsView } from './views/channels.js';
import { ConnectionView } from './views/connection.js';
import { ConnectionsView } from './views/connections.js';
import { ExchangeView } from './views/exchange.js';
import { ExchangesView } from './views/exchanges.js';
import { NodeView } from './views/node.js';
import { NodesView } from './views/nodes.js';
import { OverviewView } from './views/overview.js';
import { PoliciesView } from './views/policies.js';
import { QueueView } from './views/queue.js';
import { QueuesView } from './views/queues.js';
import { TopologyView } from './views/topology.js';
import { TracingView } from './views/tracing.js';
import { UsersView } from './views/users.js';

export function View({ page, watched }: { page: Page; watched: Watched | undefined }) {
  const [name = '', first, second] = page.route.names;
  const here = page.route.names.join('\0');
  switch (name) {
    case 'overview':
      return <OverviewView page={page} watched={watched} />;
    case 'nodes':
      return first === undefined ? (
        <NodesView page={page} />
      ) : (
        <NodeView key={here} page={page} name={first} />
      );
    case 'queues':
      if (first === undefined || second === undefined) return <QueuesView page={page} />;
      return <QueueView key={here} page={page} vhost={first} name={second} />;
    case 'exchanges':
      if (first === undefined || second === undefined) return <ExchangesView page={page} />;
      return <ExchangeView key={here} page={page} vhost={first} name={second} />;
    case 'connections':
      return first === undefined ? (
        <ConnectionsView page={page} />
      ) : (
        <ConnectionView key={here} page={page} name={first} />
      );
    case 'channels':
      return <ChannelsView page={page} />;
    case 'topology':
      return <TopologyView page={page} watched={watched} />;
    case 'policies':
      return <PoliciesView page={page} />;
    case 'users':
      return <UsersView page={page} />;
    case 'tracing':
      return <TracingView key={here} page={page} node={first} file={second} />;
    case 'alerts':
      return <AlertsView page={page} />;
    default:
      return <Empty title="There is no such view">Choose one from the list of views.</Empty>;
  }
}
