import { spawn } from 'node:child_process';
import path from 'node:path';
import type { EngineNode } from '../engines/node.js';
import { until } from '../engines/until.js';

/** A PHP program of the notes, running against a node. */
export interface Program {
  readonly output: string;
  /** Until it has printed this. */
  prints(text: string, times?: number): Promise<void>;
  ends(): Promise<string>;
  stop(): Promise<string>;
}

export function start(node: EngineNode, file: string, ...args: string[]): Program {
  const child = spawn('/usr/bin/php', [path.join(import.meta.dirname, file), ...args], {
    env: { PATH: process.env.PATH, AMQP_PORT: String(node.specification.ports.amqp) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const note = (bytes: Buffer) => {
    output += bytes.toString();
  };
  child.stdout.on('data', note);
  child.stderr.on('data', note);
  const closed = new Promise<string>((resolve) => child.once('close', () => resolve(output)));
  return {
    get output() {
      return output;
    },
    prints: (text, times = 1) =>
      until(
        `${file} ${args.join(' ')} prints "${text}" (so far: ${output})`,
        async () => output.split(text).length > times,
        20_000,
      ),
    ends: () => closed,
    stop() {
      child.kill('SIGTERM');
      return closed;
    },
  };
}

export const run = (node: EngineNode, file: string, ...args: string[]): Promise<string> =>
  start(node, file, ...args).ends();
