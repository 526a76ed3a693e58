/**
 * Where a node keeps what is its own: RABBITMQ_* variables first, else folders of the user's own state directory
 * (RabbitMQ's /var/lib/rabbitmq and /var/log/rabbitmq belong to RabbitMQ). RABBITMQ_CONF_ENV_FILE is a shell
 * file that sets the same variables, with or without their prefix; what the environment has wins over it.
 */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { ConfigError } from './config-error.js';

/** In a node's data directory: it starts without members that were up when it stopped. */
export const forceLoadFile = 'force_load';

export type Environment = NodeJS.ProcessEnv;

export interface Places {
  home: string;
  /** This node's data. */
  mnesia: string;
  logs: string;
  /** null: nothing is written to a file (RABBITMQ_LOGS=-). */
  logFile: string | null;
  enabledPluginsFile: string;
  pidFile: string;
}

export function homeOf(env: Environment): string {
  return env.HOME || homedir();
}

/** Everything that has no place of its own by RABBITMQ_* variables. */
function stateDirectory(env: Environment): string {
  return join(env.XDG_STATE_HOME || join(homeOf(env), '.local', 'state'), 'warren', 'rabbitmq');
}

export function placesOf(env: Environment, node: string): Places {
  const base = stateDirectory(env);
  const mnesiaBase = env.RABBITMQ_MNESIA_BASE || join(base, 'mnesia');
  const mnesia = env.RABBITMQ_MNESIA_DIR || join(mnesiaBase, node);
  const logs = env.RABBITMQ_LOG_BASE || join(base, 'log');
  return {
    home: homeOf(env),
    mnesia,
    logs,
    logFile: env.RABBITMQ_LOGS === '-' ? null : env.RABBITMQ_LOGS || join(logs, `${node}.log`),
    enabledPluginsFile: enabledPluginsFileOf(env),
    pidFile: env.RABBITMQ_PID_FILE || `${mnesia}.pid`,
  };
}

export function enabledPluginsFileOf(env: Environment): string {
  return env.RABBITMQ_ENABLED_PLUGINS_FILE || join(stateDirectory(env), 'enabled_plugins');
}

/** Null when there is none to read. A path without `.conf` gets it, as RabbitMQ does. */
export function configFileOf(env: Environment): { file: string | null; notice: string | null } {
  const given = env.RABBITMQ_CONFIG_FILE;
  if (!given) {
    const usual = join(stateDirectory(env), 'rabbitmq.conf');
    return { file: existsSync(usual) ? usual : null, notice: null };
  }
  if (given.endsWith('.config')) {
    throw new ConfigError(
      'RABBITMQ_CONFIG_FILE',
      `${given} is in the classic (Erlang terms) format, which the bundled broker does not read: use rabbitmq.conf`,
    );
  }
  for (const file of given.endsWith('.conf') ? [given] : [`${given}.conf`, given]) {
    if (existsSync(file)) return { file, notice: null };
  }
  return { file: null, notice: `RABBITMQ_CONFIG_FILE: ${given} does not exist, so the defaults are used` };
}

/** The environment with what RABBITMQ_CONF_ENV_FILE adds to it. */
export function withConfEnvFile(env: Environment): Environment {
  const file = env.RABBITMQ_CONF_ENV_FILE;
  // Neither a shell nor what starts one is worth its time where there is nothing to read.
  if (!file || file === '/dev/null' || !existsSync(file)) return env;
  const added: Environment = {};
  for (const [name, value] of sourced(file, env)) {
    const full = name.startsWith('RABBITMQ_') ? name : `RABBITMQ_${name}`;
    if (env[name] !== value && env[full] === undefined) added[full] = value;
  }
  return { ...env, ...added };
}

function sourced(file: string, env: Environment): [string, string][] {
  const { execFileSync } = process.getBuiltinModule('node:child_process');
  try {
    const printed = execFileSync('/bin/sh', ['-ec', 'set -a; . "$1"; exec env -0', 'sh', file], {
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return printed
      .split('\0')
      .filter((entry) => entry.includes('='))
      .map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]);
  } catch (error) {
    const said = String((error as { stderr?: unknown }).stderr ?? '').trim() || (error as Error).message;
    throw new ConfigError('RABBITMQ_CONF_ENV_FILE', `${file} cannot be read by sh: ${said}`);
  }
}
