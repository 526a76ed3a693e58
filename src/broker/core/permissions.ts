/**
 * What a user may do in a vhost: three patterns, for configuring, writing and reading, each matched anywhere in
 * the name of the queue or exchange; and patterns for the routing keys of topic exchanges. A row never changes
 * (it is replaced), so its compiled patterns are kept with it.
 */
import { AmqpError } from '../protocol/amqp-error.js';
import { named } from './metadata/named.js';
import { keys, type PermissionRow, type TopicPermissionRow } from './metadata/rows.js';
import type { Tables } from './metadata/tables.js';
import { Pattern } from './pattern.js';

export type Access = 'configure' | 'write' | 'read';

export class Permissions {
  readonly #compiled = new WeakMap<PermissionRow | TopicPermissionRow, Map<string, Pattern>>();

  constructor(private readonly tables: Tables) {}

  /** Throws 403. The default exchange is called amq.default here. */
  check(user: string, vhost: string, access: Access, kind: 'queue' | 'exchange', name: string): void {
    const shown = kind === 'exchange' && name === '' ? 'amq.default' : name;
    const row = this.tables.get('permissions', keys.permission(user, vhost));
    if (row !== undefined && this.#pattern(row, row[access]).test(shown)) return;
    const where = named(kind, shown, vhost);
    throw new AmqpError('ACCESS_REFUSED', `access to ${where} refused for user '${user}'`);
  }

  /** A check of routing keys on a topic exchange (throws 403); null when nothing restricts the user there. */
  topic(user: string, vhost: string, exchange: string, access: 'write' | 'read') {
    const row = this.tables.get('topicPermissions', keys.topicPermission(user, vhost, exchange));
    if (row === undefined) return null;
    const pattern = this.#pattern(row, expand(row[access], user, vhost));
    const where = named('exchange', exchange, vhost);
    return (routingKey: string): void => {
      if (pattern.test(routingKey)) return;
      const text = `access to topic '${routingKey}' in ${where} refused for user '${user}'`;
      throw new AmqpError('ACCESS_REFUSED', text);
    };
  }

  #pattern(row: PermissionRow | TopicPermissionRow, source: string): Pattern {
    let patterns = this.#compiled.get(row);
    if (patterns === undefined) {
      patterns = new Map();
      this.#compiled.set(row, patterns);
    }
    let pattern = patterns.get(source);
    if (pattern === undefined) {
      // An empty pattern allows nothing but the empty name.
      pattern = new Pattern(source === '' ? '^$' : source);
      patterns.set(source, pattern);
    }
    return pattern;
  }
}

/** Topic patterns may name the user and the vhost: {username}, {vhost}. */
function expand(pattern: string, user: string, vhost: string): string {
  return pattern.replaceAll('{username}', user).replaceAll('{vhost}', vhost);
}
