/** rabbitmqctl's exit statuses (sysexits.h). */
export const exitStatus = {
  ok: 0,
  usage: 64,
  dataError: 65,
  noUser: 67,
  unavailable: 69,
  software: 70,
  cannotCreate: 73,
  temporaryFailure: 75,
  notPermitted: 77,
  configuration: 78,
} as const;

export type ExitStatus = (typeof exitStatus)[keyof typeof exitStatus];

/** A command that failed with a text of its own. */
export class CommandFailed extends Error {
  constructor(
    readonly status: ExitStatus,
    message: string,
    /** What `--formatter json` prints instead of the text. */
    readonly json?: Record<string, unknown>,
    /** False where RabbitMQ prints the text without "Error:" before it. */
    readonly labelled = true,
  ) {
    super(message);
    this.name = 'CommandFailed';
  }
}

/** The command line does not make sense: printed with what was typed and the usage line. */
export class UsageError extends Error {
  constructor(
    message: string,
    readonly status: ExitStatus = exitStatus.usage,
    /** False for what concerns the node and not the arguments. */
    readonly aboutArguments = true,
  ) {
    super(message);
    this.name = 'UsageError';
  }
}
