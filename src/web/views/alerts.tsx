import { h } from 'preact';
import type { Alert, PastAlert } from '../alerts/log.js';
import { clock, duration } from '../format.js';
import type { Page } from '../page.js';
import { Card, Empty, Heading } from '../parts/pieces.js';
import { hrefOf } from '../router.js';

export function AlertsView({ page }: { page: Page }) {
  const { now, past } = page.alerts;
  return (
    <div>
      <Heading title="Alerts" />
      <Card title="Now">
        {now.length === 0 ? (
          <Empty title="All is well">
            Watched: nodes, partitions, alarms, file descriptors, and of the hundred deepest queues those that
            are down, grow without consumers, or lack a copy.
          </Empty>
        ) : (
          <AlertList alerts={now} />
        )}
      </Card>
      <Card title="Before">
        {past.length === 0 ? (
          <Empty title="Nothing since this tab was opened" />
        ) : (
          <AlertList alerts={past} />
        )}
      </Card>
    </div>
  );
}

export function AlertList({ alerts }: { alerts: readonly (Alert | PastAlert)[] }) {
  return (
    <ul class="alerts">
      {alerts.map((alert) => (
        <li key={alert.id + alert.since} class={'until' in alert ? 'over' : alert.severity}>
          <div>
            <a href={hrefOf(alert.names)}>{alert.title}</a>
            {!('until' in alert) && <p>{alert.advice}</p>}
          </div>
          <span class="when">
            {'until' in alert
              ? `${clock(alert.since)} – ${clock(alert.until)}`
              : `since ${clock(alert.since)}, ${duration(Date.now() - alert.since)}`}
          </span>
        </li>
      ))}
    </ul>
  );
}
