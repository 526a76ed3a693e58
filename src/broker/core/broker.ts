/**
 * The broker of one node, composed: the vhosts follow the replicated tables, connections come in through
 * `authenticate` and `openVhost`. Changes of a transaction are applied so that what something refers to is there
 * before it: deletions of bindings first, then vhosts, exchanges and queues, then bindings, then what is gone.
 */
import { AmqpError } from '../protocol/amqp-error.js';
import type { Admin, VhostView } from './admin-port.js';
import { Alarms } from './alarms.js';
import { Authentication } from './authentication.js';
import type { Broker, ConnectionEntry, Credentials, Principal, VirtualHost } from './broker-port.js';
import { churnCounters, goneCounters, loginCounters } from './counters.js';
import { Flow } from './flow.js';
import { logged } from './logged.js';
import { userLimit, vhostLimit } from './metadata/limits.js';
import type { BindingRow, Change, QueueRow } from './metadata/rows.js';
import { Permissions } from './permissions.js';
import type { Clock, Logger, MessageStore, Metadata, QueueFactory } from './ports.js';
import { Paging } from './queue/paging.js';
import {
  addUsage,
  channelsOf,
  connectionsOf,
  type Elsewhere,
  noUsage,
  nowhereElse,
  type Usage,
} from './usage.js';
import { Vhost } from './vhost/vhost.js';
import { OpenVhost } from './vhost/virtual-host.js';

export interface BrokerOptions {
  /** This node's name. */
  self: string;
  metadata: Metadata;
  store: MessageStore;
  queues: QueueFactory;
  clock: Clock;
  logger: Logger;
  loopbackUsers: readonly string[];
  /** None: this node is alone. */
  elsewhere?: Elsewhere;
  /** Shared with the other rooms; the core makes its own when none is given. */
  alarms?: Alarms;
}

export interface NodeBroker extends Broker, Admin {
  /** Builds everything from the tables and recovers the messages of the queues led here; then the node may serve. */
  start(): Promise<void>;
  /** The node's memory is near its watermark, or no longer: queues page out what they can. */
  shortOfMemory(short: boolean): void;
  /** After the connections are closed: stops timers, tells nobody, deletes nothing. */
  stop(): void;
}

export function createBroker(options: BrokerOptions): NodeBroker {
  return new ComposedBroker(options);
}

class ComposedBroker implements NodeBroker {
  readonly node: string;
  readonly alarms: Alarms;
  readonly connections = new Map<string, ConnectionEntry>();
  readonly churn = churnCounters();
  readonly gone = goneCounters();
  readonly logins = loginCounters();
  readonly flow = new Flow();
  readonly plugins = new Set<string>();
  readonly #vhosts = new Map<string, Vhost>();
  readonly #paging: Paging;
  readonly #permissions: Permissions;
  readonly #authentication: Authentication;
  readonly #elsewhere: Elsewhere;
  #running = false;

  constructor(private readonly options: BrokerOptions) {
    this.node = options.self;
    this.alarms = options.alarms ?? new Alarms();
    this.#elsewhere = options.elsewhere ?? nowhereElse;
    this.#paging = new Paging(options.clock, options.logger);
    this.#permissions = new Permissions(this.tables);
    this.#authentication = new Authentication(this.tables, options.loopbackUsers, options.logger);
    this.tables.onChange((changes) => {
      if (this.#running) this.#follow(changes, true);
    });
    this.alarms.onChange((reason) => {
      for (const connection of this.connections.values()) connection.block(reason);
    });
  }

  get tables() {
    return this.options.metadata.tables;
  }

  get submit(): Metadata['submit'] {
    return (name, args) => this.options.metadata.submit(name, args);
  }

  async start(): Promise<void> {
    this.#running = true;
    this.options.store.onPressure((pressed) => this.flow.set(pressed));
    await Promise.all(this.#follow(this.tables.snapshot(), false));
    this.#dropOrphans();
  }

  stop(): void {
    this.#running = false;
    for (const vhost of this.#vhosts.values()) vhost.close();
    this.#vhosts.clear();
    this.#paging.close();
  }

  shortOfMemory(short: boolean): void {
    this.#paging.press(short);
  }

  authenticate(credentials: Credentials): Principal {
    const counted = credentials.protocol === null ? null : this.logins[credentials.protocol];
    try {
      const principal = this.#authentication.login(credentials);
      if (counted !== null) counted.succeeded++;
      return principal;
    } catch (error) {
      if (counted !== null) counted.failed++;
      throw error;
    }
  }

  usageElsewhere(vhost: string, { user }: Principal): Promise<Usage> | null {
    const limited =
      vhostLimit(this.tables, vhost, 'max-connections') !== null ||
      userLimit(this.tables, user, 'max-connections') !== null;
    return limited ? this.#elsewhere.connections(vhost, user) : null;
  }

  openVhost(name: string, principal: Principal, elsewhere: Usage = noUsage): VirtualHost {
    const here = connectionsOf(this.connections.values(), name, principal.user);
    this.#authentication.enter(name, principal, addUsage(here, elsewhere));
    const vhost = this.#vhosts.get(name) as Vhost;
    return new OpenVhost(vhost, this, this.#permissions, this.node, this.churn, this.plugins);
  }

  admitChannel({ user }: Principal): Promise<void> | null {
    const limit = userLimit(this.tables, user, 'max-channels');
    if (limit === null) return null;
    const asked = this.#elsewhere.channels(user);
    if (asked !== null) return asked.then((elsewhere) => this.#admitChannel(user, limit, elsewhere));
    this.#admitChannel(user, limit, 0);
    return null;
  }

  #admitChannel(user: string, limit: number, elsewhere: number): void {
    if (channelsOf(this.connections.values(), user) + elsewhere <= limit) return;
    const text = `number of channels opened for user '${user}' has reached the maximum allowed user limit of (${limit})`;
    throw new AmqpError('NOT_ALLOWED', text);
  }

  register(connection: ConnectionEntry): void {
    this.connections.set(connection.id, connection);
    this.churn.connectionCreated++;
    const reason = this.alarms.reason();
    if (reason !== null) connection.block(reason);
  }

  async unregister(connection: ConnectionEntry): Promise<void> {
    this.connections.delete(connection.id);
    this.churn.connectionClosed++;
    if ([...this.tables.index.exclusiveQueuesOf(connection.id)].length === 0) return;
    await this.submit('connection.gone', { connection: connection.id });
  }

  synchronise(vhost: string, queue: string): boolean {
    return this.options.queues.synchronise?.(vhost, queue) ?? false;
  }

  vhost(name: string): VhostView | undefined {
    return this.#vhosts.get(name);
  }

  vhosts(): Iterable<VhostView> {
    return this.#vhosts.values();
  }

  #follow(changes: readonly Change[], fresh: boolean): Promise<void>[] {
    const recoveries: Promise<void>[] = [];
    for (const change of changes) if (change.table === 'bindings') this.#unbind(change);
    for (const change of changes) if (change.row !== null) this.#putVhostOrExchange(change);
    for (const change of changes) {
      if (change.table !== 'queues' || change.row === null) continue;
      if (fresh) this.#countCreated(change.row);
      const recovery = this.#vhosts.get(change.row.vhost)?.putQueue(change.row, fresh);
      if (recovery != null) recoveries.push(recovery);
    }
    for (const change of changes) {
      if (change.table === 'bindings' && change.row !== null) this.#bind(change.key, change.row);
    }
    for (const change of changes) if (change.row === null) this.#remove(change);
    this.#followRights(changes);
    return recoveries;
  }

  readonly #bound = new Map<string, BindingRow>();

  #unbind({ key }: Change): void {
    const row = this.#bound.get(key);
    if (row === undefined) return;
    this.#bound.delete(key);
    this.#vhosts.get(row.vhost)?.removeBinding(row);
  }

  #bind(key: string, row: BindingRow): void {
    this.#bound.set(key, row);
    this.#vhosts.get(row.vhost)?.putBinding(row);
  }

  #putVhostOrExchange(change: Change): void {
    if (change.table === 'vhosts' && !this.#vhosts.has(change.key)) {
      this.#vhosts.set(change.key, this.#createVhost(change.key));
    }
    if (change.table === 'exchanges' && change.row !== null) {
      this.#vhostFor(change.row.vhost)?.putExchange(change.row);
    }
  }

  /** A row of a vhost may stand before the vhost's own in a transaction. */
  #vhostFor(name: string): Vhost | undefined {
    const known = this.#vhosts.get(name);
    if (known !== undefined || this.tables.get('vhosts', name) === undefined) return known;
    const vhost = this.#createVhost(name);
    this.#vhosts.set(name, vhost);
    return vhost;
  }

  #createVhost(name: string): Vhost {
    const { store, queues, clock, logger } = this.options;
    return new Vhost(name, {
      node: this.node,
      tables: this.tables,
      store,
      queues,
      clock,
      paging: this.#paging,
      logger,
      gone: this.gone,
      removeQueue: (row) => this.#removeQueue(row),
    });
  }

  #removeQueue({ vhost, name, id }: QueueRow): void {
    this.submit('queue.delete', { vhost, name, id }).catch((error: Error) => {
      const text = `queue '${name}' in vhost '${vhost}' could not be deleted: ${error.message}`;
      this.options.logger.error(logged(text));
    });
  }

  #remove({ table, key }: Change): void {
    const [vhost = '', name = ''] = key.split('\0');
    if (table === 'queues') this.#removeQueueOf(vhost, name);
    if (table === 'exchanges') this.#vhosts.get(vhost)?.removeExchange(name);
    if (table === 'users') {
      this.#close(`user '${key}' is deleted`, ({ principal }) => principal.user === key);
    }
    if (table !== 'vhosts') return;
    const gone = this.#vhosts.get(key);
    this.#vhosts.delete(key);
    gone?.deleted();
    this.#close(`vhost '${key}' is deleted`, (connection) => connection.vhost === key);
  }

  #close(reason: string, which: (connection: ConnectionEntry) => boolean): void {
    for (const connection of [...this.connections.values()]) if (which(connection)) connection.close(reason);
  }

  #countCreated({ vhost, name, leader }: QueueRow): void {
    if (leader !== this.node || this.#vhosts.get(vhost)?.queue(name) !== undefined) return;
    this.churn.queueCreated++;
  }

  #removeQueueOf(vhost: string, name: string): void {
    const led = this.#vhosts.get(vhost)?.queue(name)?.row.leader === this.node;
    if (led) this.churn.queueDeleted++;
    this.#vhosts.get(vhost)?.removeQueue(name);
  }

  /** Policies change what queues do; permissions, users and nodes only make channels ask again. */
  #followRights(changes: readonly Change[]): void {
    const policies = new Set<string>();
    let rights = false;
    for (const { table, key } of changes) {
      if (table === 'policies' || table === 'operatorPolicies') policies.add(key.split('\0', 1)[0] as string);
      else if (['permissions', 'topicPermissions', 'users', 'nodes'].includes(table)) rights = true;
    }
    for (const vhost of policies) this.#vhosts.get(vhost)?.policiesChanged();
    if (rights) for (const vhost of this.#vhosts.values()) vhost.generation++;
  }

  /** Messages of queues that were deleted while this node was down. */
  #dropOrphans(): void {
    const known = new Set<string>();
    for (const row of this.tables.all('queues')) known.add(row.id);
    for (const id of this.options.store.queues()) if (!known.has(id)) this.options.store.queue(id).drop();
  }
}
