import { WarrenError } from '../../errors/warren-error.js';
import type { Transport } from '../transport/transport.js';

/**
 * Keepalived's own test of a configuration, on a copy in which scripts belong
 * to root: with another user, the test of 2.2.7 ends by a signal (143). It ends
 * with 5 for a mere warning, and with 0 where the file is missing, so the copy
 * is looked for first.
 */
export async function checkKeepalived(
  transport: Transport,
  path: string,
  signal?: AbortSignal,
): Promise<void> {
  const { status, stdout, stderr } = await transport.run('sh', ['-s', path], {
    input: script,
    ...(signal ? { signal } : {}),
  });
  if (status === 0) return;
  const facts = { host: transport.host, program: 'Keepalived', file: 'keepalived.conf' };
  const why = `${stdout}${stderr}`.trim() || `its test ended with status ${status}`;
  throw WarrenError.of('CONFIGURATION_REFUSED', facts, { where: transport.host, why });
}

const script = `
copy=$(mktemp) || exit 1
trap 'rm -f "$copy"' EXIT
sed 's/^\\( *script_user\\) .*/\\1 root/' "$1" >"$copy" && [ -s "$copy" ] || exit 1
keepalived --config-test --use-file "$copy" 2>&1
`;
