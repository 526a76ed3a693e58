/**
 * RabbitMQ's plugins that mean something here, and the enabled_plugins file that names those to run. A plugin
 * brings those it requires ("implicitly enabled"); the file holds only what was asked for.
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { ConfigError } from './config-error.js';
import { didYouMean } from './did-you-mean.js';
import { Atom, parseTerm } from './erlang-term.js';

export const compatibleVersion = '3.10.8';

export interface Plugin {
  name: string;
  description: string;
  requires: string[];
  /** Null when it can be enabled; otherwise why not. */
  refusal: string | null;
}

const served = (name: string, description: string, requires: string[] = []): Plugin => ({
  name,
  description,
  requires,
  refusal: null,
});

const refused = (name: string, description: string, requires: string[] = []): Plugin => ({
  name,
  description,
  requires,
  refusal: `the bundled broker does not have ${name}; a cluster of RabbitMQ itself does (warren up --engine rabbitmq)`,
});

/** In the order of `rabbitmq-plugins list`. */
export const knownPlugins: readonly Plugin[] = [
  refused('rabbitmq_amqp1_0', 'AMQP 1.0 support'),
  refused('rabbitmq_auth_backend_http', 'Authentication by HTTP'),
  refused('rabbitmq_auth_backend_ldap', 'Authentication by LDAP'),
  served('rabbitmq_auth_mechanism_ssl', 'EXTERNAL: authentication by TLS certificates'),
  served('rabbitmq_consistent_hash_exchange', 'Exchange type x-consistent-hash'),
  refused('rabbitmq_event_exchange', 'Events as messages'),
  refused('rabbitmq_federation', 'Federation of exchanges and queues'),
  refused('rabbitmq_federation_management', 'Federation in the management plugin', [
    'rabbitmq_federation',
    'rabbitmq_management',
  ]),
  refused('rabbitmq_jms_topic_exchange', 'Exchange type x-jms-topic'),
  served('rabbitmq_management', 'HTTP API and page to watch and manage the broker', [
    'rabbitmq_management_agent',
    'rabbitmq_web_dispatch',
  ]),
  served('rabbitmq_management_agent', 'Statistics for the management plugin'),
  refused('rabbitmq_mqtt', 'MQTT support'),
  served('rabbitmq_prometheus', 'Metrics for Prometheus', [
    'rabbitmq_management_agent',
    'rabbitmq_web_dispatch',
  ]),
  served('rabbitmq_random_exchange', 'Exchange type x-random'),
  refused('rabbitmq_recent_history_exchange', 'Exchange type x-recent-history'),
  refused('rabbitmq_sharding', 'Sharded queues'),
  refused('rabbitmq_shovel', 'Moves messages between brokers'),
  refused('rabbitmq_shovel_management', 'Shovels in the management plugin', [
    'rabbitmq_shovel',
    'rabbitmq_management',
  ]),
  refused('rabbitmq_stomp', 'STOMP support'),
  refused('rabbitmq_stream', 'Stream protocol'),
  refused('rabbitmq_top', 'Top of the Erlang processes', ['rabbitmq_management']),
  served('rabbitmq_tracing', 'Writes traced messages to log files', ['rabbitmq_management']),
  served('rabbitmq_web_dispatch', 'HTTP listeners shared by plugins'),
];

const byName = new Map(knownPlugins.map((plugin) => [plugin.name, plugin]));

export function plugin(name: string): Plugin | undefined {
  return byName.get(name);
}

/** What runs when `enabled` are enabled: they and all that they require, sorted. */
export function withRequired(enabled: readonly string[]): string[] {
  const all = new Set<string>();
  const add = (name: string): void => {
    if (all.has(name)) return;
    all.add(name);
    for (const required of byName.get(name)?.requires ?? []) add(required);
  };
  for (const name of enabled) add(name);
  return [...all].sort();
}

/** The names in an enabled_plugins file; none when there is no file. */
export function readEnabledPlugins(file: string): string[] {
  let source: string;
  try {
    source = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new ConfigError(file, `cannot be read: ${(error as NodeJS.ErrnoException).code}`, {
      cause: error,
    });
  }
  return source.trim() === '' ? [] : namesIn(source, file);
}

function namesIn(source: string, file: string): string[] {
  try {
    const term = parseTerm(source);
    if (Array.isArray(term) && term.every((element) => element instanceof Atom)) {
      return term.map((element) => (element as Atom).name);
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new ConfigError(file, error.message);
  }
  throw new ConfigError(file, 'is not a list of plugin names, such as [rabbitmq_management].');
}

/** Replaces the file whole, so that a reader never sees half of it. */
export function writeEnabledPlugins(file: string, names: readonly string[]): void {
  mkdirSync(dirname(file), { recursive: true });
  const next = `${file}.${process.pid}`;
  writeFileSync(next, `[${names.join(',')}].\n`);
  renameSync(next, file);
}

/** A sentence about the first of `names` that cannot run here, or null. */
export function pluginRefusal(names: readonly string[]): string | null {
  for (const name of names) {
    const known = byName.get(name);
    if (known?.refusal) return known.refusal;
    if (!known) {
      const near = didYouMean(name, byName.keys());
      return `there is no plugin named ${name}${near ? `; did you mean ${near}?` : ''}`;
    }
  }
  return null;
}
