/** What every controller works with. */
import type { RatesMode } from '../config/node-config.js';
import type { Admin } from '../core/admin-port.js';
import type { Broker, Principal, Requester, VirtualHost } from '../core/broker-port.js';
import { keys } from '../core/metadata/rows.js';
import type { Nodes } from './agent/ask.js';
import { type Access, isAdministrator } from './http/access.js';
import type { Call } from './http/call.js';
import { Refusal } from './http/refusal.js';
import type { LoginThrottle } from './http/throttle.js';
import type { ManagementFacts } from './ports.js';

export interface Api {
  admin: Admin;
  broker: Broker;
  nodes: Nodes;
  access: Access;
  throttle: LoginThrottle;
  facts(): ManagementFacts;
  ratesMode: RatesMode;
}

/** Names under which no connection owns an exclusive queue: HTTP has no connection of that kind. */
export const requester = (principal: Principal): Requester => ({ principal, connection: '' });

/** Is the virtual host of the path there? */
export const vhostExists = ({ admin }: Api) => {
  return (call: Call): boolean =>
    call.vhost === undefined || admin.tables.get('vhosts', keys.vhost(call.vhost)) !== undefined;
};

/** Changes under a virtual host say in their own way that it is not there. */
export function requireVhost(api: Api, call: Call): void {
  if (!vhostExists(api)(call)) {
    throw new Refusal(404, { error: 'not_found', reason: 'vhost_not_found' });
  }
}

/** The virtual host of the path, opened for the caller, as a change under it needs it. */
export function openVhost(api: Api, call: Call): VirtualHost {
  requireVhost(api, call);
  return api.broker.openVhost(call.vhost ?? '', call.principal);
}

/** Of rows that belong to virtual hosts: those of the path's, else those that the caller may see. */
export function ofVhost<T extends { vhost: string }>({ access }: Api, call: Call, rows: Iterable<T>): T[] {
  if (call.vhost === undefined && isAdministrator(call.principal)) return [...rows];
  const seen = new Map<string, boolean>();
  return [...rows].filter(({ vhost }) => {
    if (call.vhost !== undefined) return vhost === call.vhost;
    let visible = seen.get(vhost);
    if (visible === undefined) {
      visible = access.enters(call.principal, vhost);
      seen.set(vhost, visible);
    }
    return visible;
  });
}
