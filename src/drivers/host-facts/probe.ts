import { readFile } from 'node:fs/promises';
import { packageFile } from '../../package/package-file.js';
import type { Transport } from '../transport/transport.js';

export interface ProbeQuestion {
  /** Other hosts' ports that must be reached from there. */
  readonly targets: readonly { readonly address: string; readonly port: number }[];
  /** The host's address on the network where VRRP is listened for, for a second and a fifth. */
  readonly vrrpAt?: string | undefined;
}

/** What a host reaches and hears on its network. */
export interface ProbeAnswer {
  readonly blocked: readonly { readonly address: string; readonly port: number; readonly reason: string }[];
  readonly adverts: readonly { readonly from: string; readonly vrid: number }[];
  /** It has neither perl nor python3 to listen with. */
  readonly deaf: boolean;
}

const patienceMs = 30_000;

export async function probe(
  transport: Transport,
  { targets, vrrpAt = '' }: ProbeQuestion,
  signal: AbortSignal,
): Promise<ProbeAnswer> {
  const words = targets.map(({ address, port }) => `${address}/${port}`).join(' ');
  const input = `targets='${words}'\nown='${vrrpAt}'\n${await script()}`;
  const options = { input, signal, timeoutMs: patienceMs, readOnly: true };
  const { stdout } = await transport.run('sh', ['-s', 'probe'], options);
  const lines = stdout.split('\n').map((line) => line.split('\t') as [string, string?]);
  const all = (wanted: string) =>
    lines.flatMap(([key, value]) => (key === wanted && value ? [value.split(' ')] : []));
  return {
    blocked: all('blocked').map(([target = '', ...reason]) => {
      const at = target.lastIndexOf('/');
      return { address: target.slice(0, at), port: Number(target.slice(at + 1)), reason: reason.join(' ') };
    }),
    adverts: all('vrrp').map(([from = '', vrid]) => ({ from, vrid: Number(vrid) })),
    deaf: all('deaf').length > 0,
  };
}

function script(): Promise<string> {
  return readFile(packageFile('templates/host-probe.sh'), 'utf8');
}
