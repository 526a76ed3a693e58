import { answersAmqp } from '../../drivers/amqp/greeting.js';
import { WarrenError } from '../../errors/warren-error.js';
import { apiOf } from './api.js';
import { type Broker, brokersOf, type HostsContext, transportOf } from './context.js';
import { amqpPortOf } from './ports.js';

const patienceMs = 10_000;

/**
 * What each node says of itself and how it answers, all nodes side by side: that
 * its virtual hosts run, as check_virtual_hosts has it, by the API where that is
 * open, for the tool takes seconds; and that AMQP is spoken at its address.
 */
export async function healthProblems(context: HostsContext): Promise<string[]> {
  const asked = brokersOf(context).flatMap((broker) => [vhosts(context, broker), amqp(context, broker)]);
  return (await Promise.all(asked)).flat();
}

async function vhosts(context: HostsContext, broker: Broker): Promise<string[]> {
  const { login, nodes } = context.view;
  if (!login || nodes.get(broker.name)?.by !== 'api') return vhostsByTool(context, broker);
  const api = apiOf(context, broker, login);
  try {
    await api.get('/health/checks/virtual-hosts', patienceMs);
    return [];
  } catch (error) {
    if (!(error instanceof WarrenError)) throw error;
    // 503 is the check's own no; versions without it, and logins that may not ask, have the tool.
    if (error.code === 'API_ERROR') return [`${broker.nodeName}: ${error.message}`];
    return vhostsByTool(context, broker);
  } finally {
    api.close();
  }
}

async function vhostsByTool(context: HostsContext, broker: Broker): Promise<string[]> {
  const options = { signal: context.signal, readOnly: true, timeoutMs: 3 * patienceMs };
  const transport = transportOf(context, broker);
  const { status, stdout, stderr } = await transport.run(
    'rabbitmq-diagnostics',
    ['check_virtual_hosts'],
    options,
  );
  const said = stderr.trim() || stdout.trim();
  return status === 0 ? [] : [`${broker.nodeName}: ${said.replace(/^Error:\s*/, '').split('\n')[0]}`];
}

async function amqp(context: HostsContext, { address, nodeName }: Broker): Promise<string[]> {
  const port = amqpPortOf(context.file.rabbitmq.config);
  const connect = () => context.connect(brokersOf(context)[0]!, address, port);
  if (await answersAmqp(connect, patienceMs)) return [];
  context.signal.throwIfAborted();
  return [`${nodeName} does not answer AMQP at ${address}:${port}`];
}
