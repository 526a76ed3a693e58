/**
 * A node's configuration: RabbitMQ's defaults, under rabbitmq.conf, under the RABBITMQ_* variables, under
 * RABBITMQ_SERVER_START_ARGS. Nothing is created here but the cookie.
 */
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { applyConf } from './apply-conf.js';
import { parseConf } from './conf-file.js';
import { BadValue, onLoopback, port } from './conf-value.js';
import { ConfigError } from './config-error.js';
import { readCookie } from './cookie.js';
import { configFileOf, type Environment, type Places, placesOf, withConfEnvFile } from './environment.js';
import type { Listener, LogLevel, NodeConfig, TlsOptions, WebListeners } from './node-config.js';
import { nodeNameFrom } from './node-name.js';
import type { Settings, TlsSettings } from './setting.js';
import { defaultSettings } from './settings.js';
import { applyStartArguments } from './start-arguments.js';

/** Throws ConfigError (a file, a variable) or CookieError. */
export function loadConfig(environment: Environment = process.env, host = hostname()): NodeConfig {
  const env = withConfEnvFile(environment);
  const notices = unusedVariables(env);
  const { file, notice } = configFileOf(env);
  if (notice) notices.push(notice);
  const settings = defaultSettings();
  if (file) applyConf(settings, parseConf(readText(file), file));
  applyStartArguments(settings, env.RABBITMQ_SERVER_START_ARGS ?? '', notices);

  const nodeName = nodeNameFrom(env, host);
  const places = placesOf(env, nodeName);
  const listeners = amqpListeners(settings, env, notices);
  const http = (asked: Settings['management'], usual: number, where: string): Listener =>
    onLoopback({ address: asked.address, port: asked.port ?? usual }, where, notices);
  const logs = settings.log.directory ?? places.logs;
  return {
    nodeName,
    amqp: {
      listeners,
      ssl: [...settings.ssl].map(([name, asked]) => onLoopback(asked, `listeners.ssl.${name}`, notices)),
      tls: tlsOf(settings, file),
      proxyProtocol: settings.proxyProtocol,
    },
    authMechanisms: mechanismsOf(settings),
    certificateLogin: settings.certificateLogin,
    management: {
      ...webListeners(settings.management, settings.managementTls, ['management', 15672, 15671], file, http),
      http: settings.http,
    },
    prometheus: {
      ...webListeners(settings.prometheus, settings.prometheusTls, ['prometheus', 15692, 15691], file, http),
      ...settings.metrics,
    },
    tracing: {
      ...settings.tracing,
      directory: settings.tracing.directory ?? join(logs, 'tracing', nodeName),
    },
    distribution: { address: '127.0.0.1', port: distributionPort(env, listeners) },
    directories: { mnesia: places.mnesia, logs, home: places.home },
    enabledPluginsFile: places.enabledPluginsFile,
    pidFile: places.pidFile,
    configFile: file,
    cookie: env.RABBITMQ_ERLANG_COOKIE || readCookie(places.home),
    defaultUser: { ...settings.user, tags: userTags(settings) },
    defaultVhost: settings.vhost,
    loopbackUsers: chosen(settings.loopbackUsers),
    ...settings.limits,
    peers: settings.peerDiscovery === 'none' ? [] : [...settings.peers.values()],
    ...settings.cluster,
    ...settings.resources,
    loadDefinitions: settings.loadDefinitions,
    defaultQueueType: null,
    log: logOf(settings, places),
    notices,
  };
}

type Http = (asked: Settings['management'], usual: number, where: string) => Listener;

/** With a port for HTTPS alone, as in RabbitMQ, plain HTTP is not served. */
function webListeners(
  plain: Settings['management'],
  secure: Settings['managementTls'],
  [word, plainPort, securePort]: [string, number, number],
  file: string | null,
  http: Http,
): WebListeners {
  const listener = http(plain, plainPort, `${word}.tcp.ip`);
  if (secure.port === null) return { listeners: [listener], ssl: [], tls: null };
  const tls = complete(secure.tls, `${file}: ${word}.ssl.port`, `${word}.ssl`);
  const ssl = [http(secure, securePort, `${word}.ssl.ip`)];
  return { listeners: plain.port === null ? [] : [listener], ssl, tls };
}

function tlsOf({ ssl, tls }: Settings, file: string | null): TlsOptions | null {
  return ssl.size === 0 ? null : complete(tls, `${file}: listeners.ssl`, 'ssl_options');
}

function complete(tls: TlsSettings, where: string, options: string): TlsOptions {
  const { certfile, keyfile } = tls;
  if (certfile !== null && keyfile !== null) return { ...tls, certfile, keyfile };
  throw new ConfigError(where, `needs ${options}.certfile and ${options}.keyfile`);
}

function mechanismsOf({ mechanisms }: Settings): string[] {
  return mechanisms.size === 0 ? ['PLAIN', 'AMQPLAIN'] : [...mechanisms.values()];
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new ConfigError(file, `cannot be read: ${(error as NodeJS.ErrnoException).code}`);
  }
}

function amqpListeners(settings: Settings, env: Environment, notices: string[]): Listener[] {
  const address = env.RABBITMQ_NODE_IP_ADDRESS || null;
  const given = portFrom(env, 'RABBITMQ_NODE_PORT');
  // As in RabbitMQ, the variables stand for listeners.tcp.default of a file that has no listeners.
  if (settings.tcp === null) {
    return [onLoopback({ address, port: given ?? 5672 }, 'RABBITMQ_NODE_IP_ADDRESS', notices)];
  }
  return [...settings.tcp].map(([name, asked]) => onLoopback(asked, `listeners.tcp.${name}`, notices));
}

function distributionPort(env: Environment, listeners: readonly Listener[]): number {
  const amqp = portFrom(env, 'RABBITMQ_NODE_PORT') ?? listeners[0]?.port ?? 5672;
  return portFrom(env, 'RABBITMQ_DIST_PORT') ?? amqp + 20000;
}

function portFrom(env: Environment, name: string): number | null {
  const value = env[name];
  if (!value) return null;
  try {
    return port(value);
  } catch (error) {
    if (error instanceof BadValue) throw new ConfigError(name, error.message);
    throw error;
  }
}

function chosen(flags: Map<string, boolean>): string[] {
  return [...flags].filter(([, on]) => on).map(([name]) => name);
}

function userTags(settings: Settings): string[] {
  return settings.user.tags.size === 0 ? ['administrator'] : chosen(settings.user.tags);
}

const verbosity: LogLevel[] = ['none', 'error', 'warning', 'info', 'debug'];

function logOf({ log }: Settings, places: Places): NodeConfig['log'] {
  const directory = log.directory ?? places.logs;
  const named = typeof log.file === 'string' && log.file !== 'true' ? log.file : null;
  const usual =
    log.directory && places.logFile?.startsWith(places.logs)
      ? places.logFile.slice(places.logs.length + 1)
      : null;
  const path = named ?? usual ?? places.logFile;
  const file = log.file === false || path === null ? null : isAbsolute(path) ? path : join(directory, path);
  const wanted = [file === null ? null : log.fileLevel, log.console ? log.consoleLevel : null];
  const levels = wanted.filter((level) => level !== null);
  const most = levels.sort((a, b) => verbosity.indexOf(b) - verbosity.indexOf(a))[0];
  return { console: log.console ?? file === null, file, level: most ?? log.level ?? 'info' };
}

/** Variables that RabbitMQ reads and that say nothing to this broker. */
function unusedVariables(env: Environment): string[] {
  const unused = [
    'RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS',
    'RABBITMQ_SERVER_ERL_ARGS',
    'RABBITMQ_ADVANCED_CONFIG_FILE',
  ];
  return unused.filter((name) => env[name]).map((name) => `${name} has no effect in the bundled broker`);
}
