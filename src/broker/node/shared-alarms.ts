/**
 * Resource alarms hold for the whole cluster: a node low on memory or disk blocks the publishers of every node.
 * Each node tells the others when one of its own alarms is raised or cleared, and asks them for theirs when it
 * comes up; a node that goes down takes its alarms along.
 */
import type { Alarm, Alarms } from '../core/alarms.js';
import { keys } from '../core/metadata/rows.js';
import type { Tables } from '../core/metadata/tables.js';
import type { Logger, Peers } from '../core/ports.js';

export interface SharedAlarms {
  /** This node's own alarms have changed. */
  changed(): void;
  stop(): void;
}

export function shareAlarms(alarms: Alarms, peers: Peers, tables: Tables, logger: Logger): SharedAlarms {
  let stopped = false;
  const own = () => alarms.active().filter((alarm) => alarm.node === peers.self);
  const tell = (node: string) =>
    peers
      .call(node, 'alarms.of', { node: peers.self, active: own() })
      .catch((error: Error) => logger.debug(`alarms not told to ${node}: ${error.message}`));

  peers.answer('alarms.of', ({ node, active }: { node: string; active: Alarm[] }) => {
    if (!stopped) replaceAlarms(alarms, node, active);
    return own();
  });
  tables.onChange((changes) => {
    if (stopped) return;
    for (const change of changes) {
      if (change.table !== 'nodes') continue;
      if (change.row === null || !change.row.running) alarms.clearNode(change.key);
    }
  });
  for (const node of others(peers)) {
    void peers
      .call(node, 'alarms.of', { node: peers.self, active: own() })
      .then((active) => replaceAlarms(alarms, node, active as Alarm[]))
      .catch((error: Error) => logger.debug(`alarms of ${node} not known: ${error.message}`));
  }
  return {
    changed: () => {
      if (!stopped) for (const node of others(peers)) void tell(node);
    },
    stop: () => {
      stopped = true;
    },
  };

  function replaceAlarms(known: Alarms, node: string, active: Alarm[]): void {
    if (tables.get('nodes', keys.node(node))?.running !== true) return;
    for (const alarm of known.active()) {
      if (alarm.node === node && !active.some(({ resource }) => resource === alarm.resource))
        known.clear(alarm);
    }
    for (const alarm of active) known.set(alarm);
  }
}

const others = (peers: Peers) => peers.running().filter((node) => node !== peers.self);
