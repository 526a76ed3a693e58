import type { ClusterFile } from '../../cluster-file/cluster-file.js';
import type { ManagementApi } from '../../drivers/management-api/client.js';
import { runTool } from '../../drivers/rabbitmqctl/on-host.js';
import { reportOf, WarrenError } from '../../errors/warren-error.js';
import { apiOf } from '../../phases/hosts/api.js';
import { type Broker, brokersOf, type HostsContext, transportOf } from '../../phases/hosts/context.js';
import { loginsOf } from '../../phases/hosts/logins.js';
import { lookAt } from '../../phases/hosts/look.js';
import { type HostRunOptions, hostRun } from '../host-run.js';
import type { Surroundings } from '../surroundings.js';
import type { NodeTools } from './node-tools.js';

export interface HostsBroker {
  readonly api: ManagementApi;
  readonly tools: NodeTools;
  close(): Promise<void>;
}

/**
 * The management API of the first node of a cluster file that answers, reached
 * through its host, with an administrator of the file (whose generated password
 * is on the hosts), or else guest, who is let in from there.
 */
export async function hostsBroker(
  options: Pick<HostRunOptions, 'file' | 'ssh'>,
  surroundings: Surroundings,
): Promise<HostsBroker> {
  const { context, close } = await hostRun({ ...options, concurrency: 8 }, surroundings);
  try {
    const api = await firstThatAnswers(context, options.file);
    return { api, tools: hostTools(context), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function firstThatAnswers(context: HostsContext, file: ClusterFile): Promise<ManagementApi> {
  const tried: string[] = [];
  let refused: WarrenError | undefined;
  for (const broker of brokersOf(context)) {
    context.signal.throwIfAborted();
    try {
      return await apiThrough(context, broker);
    } catch (error) {
      if (!(error instanceof WarrenError)) throw error;
      if (error.code === 'API_REFUSED_LOGIN') refused = error;
      tried.push(`${broker.name}: ${reportOf(error).message}`);
    }
  }
  throw refused ?? WarrenError.of('NO_API', { cluster: file.name, tried });
}

async function apiThrough(context: HostsContext, broker: Broker): Promise<ManagementApi> {
  await connect(context, broker);
  await lookAt(context, [broker]);
  const failure = context.failures.get(broker.name);
  if (failure) throw WarrenError.of('HOST_SILENT', { host: broker.name, problem: failure.report.message });
  const logins = await loginsOf(context);
  for (const [index, login] of logins.entries()) {
    const api = apiOf(context, broker, login);
    try {
      await api.get('/whoami');
      return api;
    } catch (error) {
      api.close();
      const last = index === logins.length - 1;
      if (last || !(error instanceof WarrenError) || error.code !== 'API_REFUSED_LOGIN') throw error;
    }
  }
  throw new TypeError('there is always a login to try');
}

async function connect(context: HostsContext, broker: Broker): Promise<void> {
  if (context.transports.has(broker.name)) return;
  context.transports.set(broker.name, await context.open(broker));
}

function hostTools(context: HostsContext): NodeTools {
  const { signal } = context;
  return {
    async onEach(tool, args) {
      const outcomes: { node: string; output: string }[] = [];
      for (const broker of brokersOf(context)) {
        await connect(context, broker);
        const output = await runTool(transportOf(context, broker), tool, args, { signal });
        outcomes.push({ node: broker.nodeName, output });
      }
      return outcomes;
    },
    async onOne(tool, args) {
      const broker = brokersOf(context).find(({ name }) => context.transports.has(name))!;
      return runTool(transportOf(context, broker), tool, args, { signal });
    },
    keepPlugins: async () => {},
  };
}
