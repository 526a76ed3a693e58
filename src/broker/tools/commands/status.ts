import { type } from 'node:os';
import { compatibleVersion, withRequired } from '../../config/plugins.js';
import type { NodeFacts } from '../../control/node-control.js';
import { alarmJson, alarmLine } from '../alarm-lines.js';
import { type Command, value } from '../command.js';
import { UsageError } from '../exit-status.js';
import { listenerJson, listenerLine } from '../listener-lines.js';
import { inUnit, memoryParts, share, type Unit, units, withPoint } from '../memory-breakdown.js';
import { runtimeVersion } from '../runtime-version.js';
import { orNone, sections } from '../sections.js';
import type { Session } from '../session.js';

export interface Totals {
  connections: number;
  queues: number;
  vhosts: number;
}

const status: Command = {
  usage: '[--unit <unit>] [--timeout <timeout>]',
  operands: [0, 0],
  options: { unit: 'string' },
  requires: 'running app',
  timeout: 60,
  check({ options }) {
    checkUnit(options.unit);
  },
  banner: ({ node }) => `Status of node ${node} ...`,
  async run({ options }, session) {
    const facts = await session.ask('facts', {});
    const totals = await totalsOf(session);
    return value(statusText(facts, totals, (options.unit ?? 'gb') as Unit), statusJson(facts, totals));
  },
};

export const statusCommands: Record<string, Command> = { status };

export function checkUnit(unit: unknown): void {
  if (unit === undefined || (typeof unit === 'string' && unit in units)) return;
  throw new UsageError(`"unit '${unit}' is not supported. Please use one of: bytes, mb, gb"`);
}

export async function totalsOf(session: Session): Promise<Totals> {
  const [connections, queues, vhosts] = await Promise.all([
    session.ask('connections', {}),
    session.ask('rows', { table: 'queues' }),
    session.ask('rows', { table: 'vhosts' }),
  ]);
  return { connections: connections.length, queues: queues.length, vhosts: vhosts.length };
}

const uptime = ({ startedAt }: NodeFacts) => Math.floor((Date.now() - startedAt) / 1000);

export function statusText(facts: NodeFacts, totals: Totals, unit: Unit): string {
  const size = (bytes: number) => `${inUnit(bytes, unit)} ${unit}`;
  const { memory, fileDescriptors: descriptors } = facts;
  return sections([
    [
      'Runtime',
      [
        `OS PID: ${facts.pid}`,
        `OS: ${type()}`,
        `Uptime (seconds): ${uptime(facts)}`,
        `Is under maintenance?: ${facts.maintenance}`,
        `RabbitMQ version: ${compatibleVersion}`,
        `Product: Warren, version ${facts.productVersion}`,
        `Node name: ${facts.node}`,
        `Runtime: ${runtimeVersion}`,
        `Crypto library: OpenSSL ${process.versions.openssl}`,
      ],
    ],
    [
      'Plugins',
      [
        `Enabled plugin file: ${facts.enabledPluginsFile}`,
        'Enabled plugins:',
        '',
        ...withRequired(facts.plugins.active).map((name) => ` * ${name}`),
      ],
    ],
    ['Data directory', [`Node data directory: ${facts.dataDirectory}`]],
    ['Config files', facts.configFile === null ? ['(none)'] : [` * ${facts.configFile}`]],
    ['Log file(s)', facts.logFiles.map((file) => ` * ${file}`)],
    ['Alarms', orNone(facts.alarms.map(alarmLine))],
    [
      'Memory',
      [
        `Total memory used: ${size(memory.rss)}`,
        'Calculation strategy: rss',
        `Memory high watermark setting: ${watermark(facts)}computed to: ${size(memory.limit)}`,
        '',
        ...memoryParts(facts).map(
          ([name, bytes]) => `${name}: ${size(bytes)} (${withPoint(share(bytes, memory.rss))} %)`,
        ),
      ],
    ],
    [
      'File Descriptors',
      [
        `Total: ${descriptors.used}, limit: ${descriptors.limit}`,
        `Sockets: ${descriptors.socketsUsed}, limit: ${descriptors.limit}`,
      ],
    ],
    [
      'Free Disk Space',
      [
        `Low free disk space watermark: ${size(facts.disk.limit)}`,
        `Free disk space: ${size(facts.disk.free)}`,
      ],
    ],
    [
      'Totals',
      [
        `Connection count: ${totals.connections}`,
        `Queue count: ${totals.queues}`,
        `Virtual host count: ${totals.vhosts}`,
      ],
    ],
    ['Listeners', facts.listeners.map(listenerLine)],
  ]).trimEnd();
}

function watermark({ memoryHighWatermark: setting }: NodeFacts): string {
  return 'relative' in setting ? `${setting.relative} of available memory, ` : `${setting.bytes} bytes, `;
}

function statusJson(facts: NodeFacts, totals: Totals): Record<string, unknown> {
  const { memory, memoryHighWatermark: setting } = facts;
  const absolute = 'bytes' in setting ? { absolute: setting.bytes } : setting;
  return {
    active_plugins: withRequired(facts.plugins.active),
    alarms: facts.alarms.map(alarmJson),
    config_files: facts.configFile === null ? [] : [facts.configFile],
    crypto_lib_version: `OpenSSL ${process.versions.openssl}`,
    data_directory: facts.dataDirectory,
    disk_free: facts.disk.free,
    disk_free_limit: facts.disk.limit,
    enabled_plugin_file: facts.enabledPluginsFile,
    erlang_version: runtimeVersion,
    file_descriptors: {
      sockets_limit: facts.fileDescriptors.limit,
      sockets_used: facts.fileDescriptors.socketsUsed,
      total_limit: facts.fileDescriptors.limit,
      total_used: facts.fileDescriptors.used,
    },
    is_under_maintenance: facts.maintenance,
    listeners: facts.listeners.map((listener) => listenerJson(facts.node, listener)),
    log_files: facts.logFiles,
    memory: {
      ...Object.fromEntries(memoryParts(facts)),
      strategy: 'rss',
      total: { erlang: memory.heapUsed, rss: memory.rss, allocated: memory.heapTotal + memory.external },
    },
    os: type(),
    pid: facts.pid,
    product_name: 'Warren',
    product_version: facts.productVersion,
    rabbitmq_version: compatibleVersion,
    totals: {
      virtual_host_count: totals.vhosts,
      connection_count: totals.connections,
      queue_count: totals.queues,
    },
    uptime: uptime(facts),
    vm_memory_calculation_strategy: 'rss',
    vm_memory_high_watermark_limit: memory.limit,
    vm_memory_high_watermark_setting: absolute,
  };
}
