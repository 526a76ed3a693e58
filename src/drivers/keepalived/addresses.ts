import { WarrenError } from '../../errors/warren-error.js';
import type { Transport } from '../transport/transport.js';

/** The addresses that a host has at this moment, virtual ones included. */
export async function addressesOn(transport: Transport, signal?: AbortSignal): Promise<string[]> {
  const { status, stdout, stderr } = await transport.run('ip', ['-json', 'address', 'show', 'up'], {
    readOnly: true,
    ...(signal ? { signal } : {}),
  });
  if (status === 0) return parseAddresses(stdout);
  throw WarrenError.of(
    'TOOL_FAILED',
    { tool: 'ip address', status, output: stderr },
    { where: transport.host },
  );
}

export function parseAddresses(json: string): string[] {
  const links = JSON.parse(json || '[]') as { addr_info?: { local?: string }[] }[];
  return links.flatMap(({ addr_info: list = [] }) => list.flatMap(({ local }) => (local ? [local] : [])));
}
