import { type Command, type Invocation, type Outcome, value } from '../command.js';
import { printed } from '../print.js';
import type { Session } from '../session.js';
import { clusterCommands } from './cluster.js';
import { factCommands } from './facts.js';
import { listingCommands } from './listings.js';
import { parameterCommands } from './parameters.js';
import { permissionCommands } from './permissions.js';
import { policyCommands } from './policies.js';
import { statusCommands } from './status.js';
import { vhostCommands } from './vhosts.js';

const environment: Command = {
  usage: '',
  operands: [0, 0],
  banner: ({ node }) => `Application environment of node ${node} ...`,
  async run(_invocation, session) {
    const found = await session.ask('environment', {});
    return value(JSON.stringify(found, null, 1), found);
  },
};

/** One part: a command with its usual columns or those that are wanted here. */
interface Part {
  command: Command;
  operands: string[];
  perVhost: boolean;
}

const part = (command: Command, operands: string[] = [], perVhost = false): Part => ({
  command,
  operands,
  perVhost,
});

const connectionColumns =
  'pid name port host peer_port peer_host state channels protocol user vhost timeout frame_max channel_max client_properties recv_oct send_oct';
const queueColumns =
  'name durable auto_delete arguments policy pid leader slave_pids synchronised_slave_pids messages_ready messages_unacknowledged messages consumers memory state exclusive';

const parts: Part[] = [
  part(statusCommands.status!),
  part(clusterCommands.cluster_status!),
  part(environment),
  part(listingCommands.list_connections!, connectionColumns.split(' ')),
  part(listingCommands.list_channels!),
  part(parameterCommands.list_global_parameters!),
  part(vhostCommands.list_vhosts!, ['name', 'tracing']),
  part(listingCommands.list_queues!, queueColumns.split(' '), true),
  part(
    listingCommands.list_exchanges!,
    'name type durable auto_delete internal arguments policy'.split(' '),
    true,
  ),
  part(listingCommands.list_bindings!, [], true),
  part(listingCommands.list_consumers!, [], true),
  part(permissionCommands.list_permissions!, [], true),
  part(policyCommands.list_policies!, [], true),
  part(parameterCommands.list_parameters!, [], true),
  part(factCommands.memory_breakdown!),
  part(factCommands.log_location!),
];

const report: Command = {
  usage: '',
  operands: [0, 0],
  requires: 'running app',
  banner: ({ node }) => `Reporting server status of node ${node} ...\n`,
  async run(invocation, session): Promise<Outcome> {
    const vhosts = await session.ask('vhosts', {});
    for (const { command, operands, perVhost } of parts) {
      for (const vhost of perVhost ? vhosts.map(({ name }) => name) : [invocation.vhost]) {
        await print(
          { ...invocation, command, operands, vhost, formatter: command.formatter ?? 'string' },
          session,
        );
      }
    }
    return { kind: 'printed' };
  },
};

async function print(invocation: Invocation, session: Session): Promise<void> {
  const { command } = invocation;
  const banner = command.banner?.(invocation);
  if (banner && !invocation.quiet && !invocation.silent) session.output.out(`${banner}\n`);
  session.output.out(`${printed(await command.run(invocation, session), invocation)}\n`);
}

export const reportCommands: Record<string, Command> = { environment, report };
