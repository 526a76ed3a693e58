import type { Host } from '../../cluster-file/hosts.js';
import { Systemd } from '../../drivers/systemd/systemd.js';
import { type HostsContext, transportOf } from './context.js';

export const rabbitmqService = 'rabbitmq-server.service';

/** A node with much data takes its time; systemd itself gives it ten minutes. */
export function patience({ signal }: HostsContext): {
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
} {
  return { signal, timeoutMs: 600_000 };
}

export function systemdOf(context: HostsContext, host: Pick<Host, 'name'>): Systemd {
  return new Systemd(transportOf(context, host));
}
