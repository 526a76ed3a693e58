import { join } from 'node:path';
import { WarrenError } from '../../errors/warren-error.js';
import type { Transport } from '../transport/transport.js';

export interface ToolOptions {
  readonly signal: AbortSignal;
  readonly input?: string;
  readonly readOnly?: boolean;
  /** How long it may take; three minutes unless given. */
  readonly timeoutMs?: number;
  /** Of a node of this machine: the folder of its engine, and the environment that addresses it. */
  readonly node?: { readonly folder: string; readonly env: Readonly<Record<string, string>> };
}

export type Tool =
  | 'rabbitmqctl'
  | 'rabbitmq-plugins'
  | 'rabbitmq-diagnostics'
  | 'rabbitmq-queues'
  | 'rabbitmq-upgrade';

/** Runs one of RabbitMQ's tools on the host of its node: what it printed, or TOOL_FAILED with what it said. */
export async function runTool(
  transport: Transport,
  tool: Tool,
  args: readonly string[],
  options: ToolOptions,
): Promise<string> {
  const { node, ...rest } = options;
  const file = node ? join(node.folder, tool) : tool;
  const { status, stdout, stderr } = await transport.run(file, args, {
    timeoutMs: 180_000,
    ...rest,
    ...(node ? { env: node.env } : {}),
  });
  if (status === 0) return stdout;
  const output = stderr.trim() || stdout.trim() || 'it said nothing';
  const facts = { tool: `${tool} ${args.join(' ')}`, status, output };
  throw WarrenError.of('TOOL_FAILED', facts, { where: transport.host });
}

/** As `runTool`, for what is printed as JSON; colours that slip into it (before 3.12) are taken out. */
export async function readTool<T>(
  transport: Transport,
  tool: Tool,
  args: readonly string[],
  options: ToolOptions,
): Promise<T> {
  const words = [...args, '--formatter', 'json', '--silent'];
  const text = await runTool(transport, tool, words, { ...options, readOnly: true });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what has to go
  return JSON.parse(text.replace(/\u001b\[[0-9;]*m/g, '')) as T;
}
