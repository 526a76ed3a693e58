import { accessSync, constants, readFileSync, realpathSync } from 'node:fs';
import { basename, delimiter, join, resolve } from 'node:path';
import { WarrenError } from '../../errors/warren-error.js';
import { packageFile } from '../../package/package-file.js';

/** An engine is a folder of executables with RabbitMQ's names; nothing else tells one from another. */
export interface Engine {
  readonly name: string;
  readonly folder: string;
}

export const engineNames = ['bundled', 'rabbitmq'] as const;

/** A line of each wrapper that gives an engine's tool the HOME of one cluster. */
export const wrapperMark = '# Written by warren: a tool of one cluster.';

/** Without these a folder is no engine. */
const needed = ['rabbitmq-server', 'rabbitmqctl', 'rabbitmq-plugins'];

/** Offered by `warren env` when the folder has them. */
export const engineTools = [
  'rabbitmq-server',
  'rabbitmqctl',
  'rabbitmq-plugins',
  'rabbitmq-diagnostics',
  'rabbitmq-queues',
  'rabbitmq-streams',
  'rabbitmq-upgrade',
] as const;

/** Where RabbitMQ's packages and archives put the executables. */
const usualFolders: readonly string[] = [
  '/usr/lib/rabbitmq/bin',
  '/opt/rabbitmq/sbin',
  '/usr/local/opt/rabbitmq/sbin',
  '/opt/homebrew/opt/rabbitmq/sbin',
];

export function findEngine(
  name: string,
  options: {
    readonly folder?: string | undefined;
    readonly path?: string | undefined;
    readonly usual?: readonly string[];
  },
): Engine {
  if (!engineNames.some((known) => known === name)) {
    throw WarrenError.of('UNKNOWN_ENGINE', { engine: name, known: engineNames });
  }
  if (options.folder !== undefined) return complete({ name, folder: resolve(options.folder) });
  if (name === 'bundled') return complete({ name, folder: bundledFolder() });
  const usual = options.usual ?? usualFolders;
  const looked = [...(options.path ?? '').split(delimiter).filter(Boolean), ...usual];
  const folder = looked.find(holdsPlainServer);
  if (folder === undefined) {
    throw WarrenError.of(
      'ENGINE_NOT_INSTALLED',
      { looked },
      { why: `no rabbitmq-server in PATH nor in ${usual.join(', ')}` },
    );
  }
  return complete({ name, folder });
}

export function hasTool(folder: string, tool: string): boolean {
  try {
    accessSync(join(folder, tool), constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function complete(engine: Engine): Engine {
  const missing = needed.filter((tool) => !hasTool(engine.folder, tool));
  if (missing.length === 0) return engine;
  throw WarrenError.of('ENGINE_FOLDER_INCOMPLETE', { folder: engine.folder, missing });
}

/**
 * Debian's /usr/sbin/rabbitmq-server is a wrapper that changes the user and
 * drops the environment; what it wraps is the engine. The wrappers that
 * `warren env` puts into PATH belong to one cluster.
 */
function holdsPlainServer(folder: string): boolean {
  if (!hasTool(folder, 'rabbitmq-server')) return false;
  const file = realpathSync(join(folder, 'rabbitmq-server'));
  return basename(file) !== 'rabbitmq-script-wrapper' && !readFileSync(file, 'utf8').includes(wrapperMark);
}

function bundledFolder(): string {
  return packageFile('bin/runtime');
}
