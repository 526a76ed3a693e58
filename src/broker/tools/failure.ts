/** One table from what went wrong to the text on stderr and the exit status. */
import { LinkError } from '../cluster/link/errors.js';
import { ConfigError } from '../config/config-error.js';
import { CookieError } from '../config/cookie.js';
import { OperationRefused } from '../core/metadata/operation.js';
import { AmqpError } from '../protocol/amqp-error.js';
import type { Command, Invocation } from './command.js';
import { nodeDown } from './diagnostics.js';
import { CommandFailed, exitStatus, UsageError } from './exit-status.js';
import type { Session } from './session.js';
import { sortedJson } from './sorted-json.js';

export interface Failure {
  status: number;
  text: string;
}

export function failed(error: unknown, invocation: Invocation, session: Session, host: string): Failure {
  if (error instanceof UsageError) {
    const { tool, name, command, typed } = invocation;
    return { status: error.status, text: usageFailed(error, tool, name, command, typed) };
  }
  if (error instanceof CommandFailed) return commandFailed(error, invocation);
  if (error instanceof CookieError || error instanceof ConfigError) {
    return { status: exitStatus.configuration, text: `Error: ${error.message}\n` };
  }
  if (error instanceof LinkError) return linkFailed(error, invocation, session, host);
  if (error instanceof OperationRefused) return commandFailed(refused(error, invocation), invocation);
  if (error instanceof AmqpError) {
    return commandFailed(new CommandFailed(exitStatus.unavailable, error.message), invocation);
  }
  return { status: exitStatus.software, text: `Error:\n${error instanceof Error ? error.message : error}\n` };
}

/** "Arguments given", and the usage line of the command. */
export function usageFailed(
  error: UsageError,
  tool: string,
  name: string,
  command: Command,
  typed: readonly string[],
): string {
  const kind = error.aboutArguments ? 'Error (argument validation)' : 'Error';
  return `${kind}: ${error.message}\nArguments given:\n\t${typed.join(' ')}\n\n\u001b[1mUsage\u001b[0m\n\n${usageLine(tool, name, command)}\n`;
}

export function usageLine(tool: string, name: string, { usage }: Command): string {
  return `${tool} [--node <node>] [--longnames] [--quiet] ${name}${usage === '' ? '' : ` ${usage}`}`;
}

function commandFailed(error: CommandFailed, { formatter }: Invocation): Failure {
  if (formatter === 'json' && error.json !== undefined) {
    const json = sortedJson({ result: 'error', ...error.json });
    // What --formatter json prints as an object is, to RabbitMQ's tools, "unavailable", whatever else it is without.
    const status = error.status === exitStatus.dataError ? error.status : exitStatus.unavailable;
    return { status, text: `${JSON.stringify(json)}\n` };
  }
  const text = error.message === '' ? '' : `${error.labelled ? 'Error:\n' : ''}${error.message}\n`;
  return { status: error.status, text };
}

function linkFailed(error: LinkError, invocation: Invocation, session: Session, host: string): Failure {
  if (error.code === 'timeout') {
    const { name, node, timeout } = invocation;
    const used = Number.isFinite(timeout) ? timeout * 1000 : 'infinity';
    return {
      status: exitStatus.temporaryFailure,
      text: `Error: operation ${name} on node ${node} timed out. Timeout value used: ${used}\n`,
    };
  }
  return { status: exitStatus.unavailable, text: nodeDown(error, session, host) };
}

/** Refusals whose words do not depend on the command; the others are worded by their commands. */
function refused(error: OperationRefused, { node }: Invocation): CommandFailed {
  const { code, message, details } = error;
  switch (code) {
    case 'no_such_user':
      return new CommandFailed(exitStatus.noUser, `User "${details.user}" does not exist`, {
        message: `User ${details.user} does not exists`,
        node,
      });
    case 'no_such_vhost':
      return new CommandFailed(
        exitStatus.dataError,
        `Virtual host '${details.vhost}' does not exist`,
        undefined,
        false,
      );
    case 'validation_failed':
      return new CommandFailed(exitStatus.unavailable, `Validation failed\n\n${message}\n`);
    case 'bad_limit':
      return new CommandFailed(exitStatus.unavailable, `Validation failed\n\n${message}\n`);
    default:
      return new CommandFailed(exitStatus.unavailable, message, { message, node });
  }
}
