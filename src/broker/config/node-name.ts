/**
 * Node names, as RabbitMQ makes them: `name` alone gets this machine's host name; short names have no dot in
 * their host part unless RABBITMQ_USE_LONGNAME (or `--longnames`) asks for the whole host name.
 */
import { hostname } from 'node:os';
import { ConfigError } from './config-error.js';

export const defaultNodeName = 'rabbit';

export function fullNodeName(name: string, longNames: boolean, host = hostname()): string {
  if (name.includes('@')) return name;
  return `${name}@${longNames ? host : host.replace(/\..*$/, '')}`;
}

export function usesLongNames(env: NodeJS.ProcessEnv): boolean {
  return env.RABBITMQ_USE_LONGNAME === 'true';
}

/** The name of the node that the environment describes. */
export function nodeNameFrom(env: NodeJS.ProcessEnv, host = hostname()): string {
  const long = usesLongNames(env);
  const name = fullNodeName(env.RABBITMQ_NODENAME || defaultNodeName, long, host);
  const where = 'RABBITMQ_NODENAME';
  if (!/^[A-Za-z0-9_.+:-]+@[A-Za-z0-9_.:-]+$/.test(name)) {
    throw new ConfigError(where, `"${name}" is not a node name: write name or name@host, without spaces`);
  }
  if (!long && name.split('@')[1]!.includes('.')) {
    throw new ConfigError(
      where,
      `the host of "${name}" has a dot, which short names must not have; set RABBITMQ_USE_LONGNAME=true or use ${name.replace(/\..*$/, '')}`,
    );
  }
  return name;
}
