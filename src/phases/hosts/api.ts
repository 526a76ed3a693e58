import { ManagementApi } from '../../drivers/management-api/client.js';
import type { Broker, HostsContext, Login } from './context.js';
import { managementPortOf } from './ports.js';

/**
 * The management API of a node, through its host: so a password does not cross
 * the network in the clear, guest is let in, and no port has to be open to us.
 */
export function apiOf(context: HostsContext, broker: Broker, { user, password }: Login): ManagementApi {
  const port = managementPort(context, broker);
  const url = new URL(`http://127.0.0.1:${port}`);
  url.username = encodeURIComponent(user);
  url.password = encodeURIComponent(password);
  return new ManagementApi(url.href, () => context.connect(broker, '127.0.0.1', port));
}

export function managementPort({ file }: HostsContext, { node }: Broker): number {
  return managementPortOf({ ...file.rabbitmq.config, ...node.config });
}
