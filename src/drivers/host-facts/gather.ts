import { readFile } from 'node:fs/promises';
import { packageFile } from '../../package/package-file.js';
import type { Transport } from '../transport/transport.js';
import type { HostFacts } from './facts.js';
import { parseFacts } from './parse.js';

/** What is asked of a host, besides what every host is asked. */
export interface FactsQuestion {
  /** Files whose content, mode and owner matter. */
  readonly paths: readonly string[];
  /** Host names that must resolve there. */
  readonly names: readonly string[];
  /** Ports whose listeners matter. */
  readonly ports: readonly number[];
  /** Addresses that somebody may hold already. */
  readonly addresses: readonly string[];
  readonly packages: readonly string[];
  readonly services: readonly string[];
}

export interface Clock {
  readonly now: () => Date;
  readonly signal: AbortSignal;
}

const patienceMs = 30_000;

/** Looks at a host: one script, one round trip. */
export async function gatherFacts(
  transport: Transport,
  question: FactsQuestion,
  { now, signal }: Clock,
): Promise<HostFacts> {
  const input = `${assignments(question)}${await script()}`;
  const sent = now().getTime();
  const options = { input, signal, timeoutMs: patienceMs, readOnly: true };
  const { stdout, stderr } = await transport.run('sh', ['-s'], options);
  return parseFacts(stdout, stderr, transport.host, (sent + now().getTime()) / 2);
}

function assignments(question: FactsQuestion): string {
  const line = (name: string, words: readonly (string | number)[], separator = ' ') =>
    `${name}=${quoted(words.join(separator))}\n`;
  return [
    line('paths', question.paths, '\n'),
    line('names', question.names),
    line('ports', question.ports),
    line('addresses', question.addresses),
    line('packages', question.packages),
    line('services', question.services),
  ].join('');
}

function script(): Promise<string> {
  return readFile(packageFile('templates/host-facts.sh'), 'utf8');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
