import { WarrenError } from '../../errors/warren-error.js';
import type { Transport } from '../transport/transport.js';

/** `haproxy -c`; from 3.0 on it says nothing when all is well, so only its status counts. */
export async function checkHaproxy(transport: Transport, path: string, signal?: AbortSignal): Promise<void> {
  const { status, stdout, stderr } = await transport.run('haproxy', ['-c', '-f', path], {
    readOnly: true,
    ...(signal ? { signal } : {}),
  });
  if (status === 0) return;
  const facts = { host: transport.host, program: 'HAProxy', file: 'haproxy.cfg' };
  throw WarrenError.of('CONFIGURATION_REFUSED', facts, {
    where: transport.host,
    why: alerts(`${stdout}${stderr}`),
  });
}

function alerts(said: string): string {
  const lines = said.trim().split('\n');
  const important = lines.filter((line) => line.includes('[ALERT]'));
  return (important.length > 0 ? important : lines).join('\n');
}
