/** A tool as a process: `bin/runtime/rabbitmqctl` and the others call it. */
import { writeSync } from 'node:fs';
import { runTool } from './main.js';

export async function run(tool: string): Promise<void> {
  const status = await runTool(tool, {
    argv: process.argv.slice(2),
    env: process.env,
    output: { out: (text) => write(1, text), error: (text) => write(2, text) },
    readInput,
  });
  process.exit(status);
}

/** Written before anything else happens, so that nothing is lost when the process exits. */
function write(descriptor: number, text: string): void {
  let rest: Uint8Array = Buffer.from(text);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(descriptor, rest));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // The reader of a pipe left (`| head`), or takes its time.
      if (code === 'EPIPE') return;
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

async function readInput(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
