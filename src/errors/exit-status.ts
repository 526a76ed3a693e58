/**
 * The exit statuses of sysexits(3) that `rabbitmqctl` uses, so that a script
 * which knows the one knows the other.
 */
export const exitStatus = {
  usage: 64,
  badData: 65,
  unavailable: 69,
  internal: 70,
  cannotCreate: 73,
  tryAgain: 75,
  notPermitted: 77,
  configuration: 78,
  /** A shell's way of saying 128 + SIGINT and 128 + SIGTERM. */
  interrupted: 130,
  terminated: 143,
} as const;
