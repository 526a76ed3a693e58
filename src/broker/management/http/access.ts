/**
 * Who may ask, by user tag, as RabbitMQ's HTTP API decides it: a tag includes the ones before it in the order
 * management, policymaker / monitoring, administrator. Routes under a virtual host also need a permission there.
 */
import type { Admin } from '../../core/admin-port.js';
import type { Principal } from '../../core/broker-port.js';
import { keys } from '../../core/metadata/rows.js';
import type { Call } from './call.js';
import { notAuthorised } from './refusal.js';

const managementTags = ['management', 'policymaker', 'monitoring', 'administrator'];

export const isAdministrator = (who: Principal) => who.tags.includes('administrator');
export const isMonitor = (who: Principal) => isAdministrator(who) || who.tags.includes('monitoring');
const isPolicymaker = (who: Principal) => isAdministrator(who) || who.tags.includes('policymaker');
const isManagement = (who: Principal) => who.tags.some((tag) => managementTags.includes(tag));

export class Access {
  readonly #admin: Admin;

  constructor(admin: Admin) {
    this.#admin = admin;
  }

  readonly management = (call: Call): void => {
    if (!isManagement(call.principal)) throw notAuthorised('Not management user');
  };

  readonly monitor = (call: Call): void => {
    this.management(call);
    if (!isMonitor(call.principal)) throw notAuthorised('Not monitor user');
  };

  readonly administrator = (call: Call): void => {
    this.management(call);
    if (!isAdministrator(call.principal)) throw notAuthorised('Not administrator user');
  };

  /** A management user with a permission in the virtual host of the path (a missing one is a 404, later). */
  readonly vhost = (call: Call): void => {
    this.management(call);
    if (this.#shutOut(call)) throw notAuthorised('User not authorised to access virtual host');
  };

  /** As `vhost`, but who monitors may look at every virtual host. */
  readonly vhostVisible = (call: Call): void => {
    this.management(call);
    if (!isMonitor(call.principal)) this.vhost(call);
  };

  /** Policies and parameters: policymakers, in virtual hosts that they may use. */
  readonly policies = (call: Call): void => {
    this.management(call);
    if (!isPolicymaker(call.principal) || this.#shutOut(call)) {
      throw notAuthorised('User not authorised to access object');
    }
  };

  readonly globalParameters = (call: Call): void => {
    this.management(call);
    if (!isPolicymaker(call.principal)) throw notAuthorised('User not authorised to access object');
  };

  /** Connections and channels: one's own; monitors see all, administrators may close all. */
  sees(who: Principal, owner: string): boolean {
    return who.user === owner || isMonitor(who);
  }

  closes(who: Principal, owner: string): boolean {
    return who.user === owner || isAdministrator(who);
  }

  /** Does the virtual host's content show up for this user? Administrators see all. */
  enters(who: Principal, vhost: string): boolean {
    if (isAdministrator(who)) return true;
    return this.#admin.tables.get('permissions', keys.permission(who.user, vhost)) !== undefined;
  }

  #shutOut(call: Call): boolean {
    const name = call.vhost;
    if (name === undefined || this.#admin.tables.get('vhosts', keys.vhost(name)) === undefined) return false;
    return !this.enters(call.principal, name);
  }
}
