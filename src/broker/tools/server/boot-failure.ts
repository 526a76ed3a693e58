/** One table from what kept a node from starting to its words and exit status. */
import { ClusterError } from '../../cluster/cluster-port.js';
import { NodeNameInUse } from '../../cluster/registry.js';
import { ConfigError } from '../../config/config-error.js';
import { CookieError } from '../../config/cookie.js';
import type { NodeConfig } from '../../config/node-config.js';
import { exitStatus } from '../exit-status.js';
import { portHolder } from './port-holder.js';

export interface BootFailure {
  status: number;
  text: string;
}

export function bootFailure(error: unknown, config: NodeConfig | null): BootFailure {
  if (error instanceof CookieError) {
    const { message } = error;
    return failure(exitStatus.configuration, `ERROR: ${message}`, 'chmod 400 the file, as its owner');
  }
  if (error instanceof ConfigError) return failure(exitStatus.configuration, `ERROR: ${error.message}`);
  if (error instanceof NodeNameInUse) {
    const { name, pid } = error.entry;
    return failure(
      exitStatus.unavailable,
      `ERROR: ${error.message} (process ${pid})`,
      `set another RABBITMQ_NODENAME, or stop that node: rabbitmqctl -n ${name} stop`,
    );
  }
  if (error instanceof ClusterError) return failure(exitStatus.unavailable, `ERROR: ${error.message}`);
  return systemFailure(error as NodeJS.ErrnoException & { port?: number; address?: string }, config);
}

function systemFailure(
  error: NodeJS.ErrnoException & { port?: number; address?: string },
  config: NodeConfig | null,
): BootFailure {
  switch (error.code) {
    case 'EADDRINUSE': {
      const holder = error.port === undefined ? null : portHolder(error.port);
      return failure(
        exitStatus.unavailable,
        `ERROR: port ${error.port} of ${error.address} is in use${holder === null ? '' : ` by ${holder}`}`,
        `stop what uses it, or set another port: ${portSetting(error.port, config)}`,
      );
    }
    case 'EACCES':
    case 'EPERM':
      return failure(
        exitStatus.notPermitted,
        `ERROR: ${error.message}`,
        'start the node as the owner of its files',
      );
    case 'ENOSPC':
    case 'EROFS':
    case 'ENOTDIR':
      return failure(
        exitStatus.cannotCreate,
        `ERROR: ${error.message}`,
        'choose another RABBITMQ_MNESIA_BASE',
      );
    default:
      return failure(
        exitStatus.software,
        `ERROR: ${error instanceof Error ? (error.stack ?? error.message) : error}`,
      );
  }
}

function portSetting(port: number | undefined, config: NodeConfig | null): string {
  if (config?.amqp.listeners.some((listener) => listener.port === port)) return 'RABBITMQ_NODE_PORT';
  if (config?.distribution.port === port) return 'RABBITMQ_DIST_PORT';
  return 'management.tcp.port in rabbitmq.conf, or RABBITMQ_SERVER_START_ARGS="-rabbitmq_management listener [{port,15673}]"';
}

function failure(status: number, text: string, next?: string): BootFailure {
  return { status, text: next === undefined ? text : `${text}\nNext: ${next}` };
}
