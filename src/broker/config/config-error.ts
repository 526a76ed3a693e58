/** A configuration that cannot be used: where (`file:line`, a variable), what, why, and what to write instead. */
export class ConfigError extends Error {
  constructor(
    /** `/etc/rabbitmq/rabbitmq.conf:3`, `RABBITMQ_NODE_PORT` … */
    readonly where: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(`${where}: ${message}`, options);
    this.name = 'ConfigError';
  }
}
