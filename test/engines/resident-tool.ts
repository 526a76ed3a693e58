/**
 * One of RabbitMQ's tools on one node, its Erlang started once: a command costs a tenth of what starting the
 * executable does. The code that runs, from the words of the line to the exit status, is the tool's own
 * (`resident-tool.erl`); test/contracts/engine.test.ts runs the executables themselves.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import path from 'node:path';
import { execa } from 'execa';
import { rabbitmq } from './engine.js';
import type { EngineNode, Outcome } from './node.js';

/** What `/usr/lib/rabbitmq/bin/TOOL` does, with another main module. */
const script =
  '. "$(dirname "$0")"/rabbitmq-env; RABBITMQ_CTL_ERL_ARGS="-pa $BEAMS"; run_escript resident-tool "$ESCRIPT_DIR/$TOOL"';

export class ResidentTool {
  private received = Buffer.alloc(0);
  private changed: () => void = () => {};
  private ended = false;

  private constructor(
    private readonly process: ChildProcess,
    private readonly socket: Socket,
  ) {
    socket.on('data', (bytes) => {
      this.received = Buffer.concat([this.received, bytes]);
      this.changed();
    });
    socket.on('close', () => {
      this.ended = true;
      this.changed();
    });
    socket.on('error', () => {});
  }

  static async start(node: EngineNode, tool: string): Promise<ResidentTool> {
    const beams = node.specification.home;
    await compile(beams);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const process = spawn('/bin/sh', ['-c', script, await sbin(tool)], {
      cwd: node.folder,
      env: { ...node.environment, WARREN_TOOL_PORT: String(port), TOOL: tool, BEAMS: beams },
      stdio: 'ignore',
    });
    const socket = await connectionOf(server, process);
    server.close();
    return new ResidentTool(process, socket);
  }

  async run(args: readonly string[]): Promise<Outcome> {
    const line = Buffer.from(args.join('\0'));
    const length = Buffer.alloc(4);
    length.writeUInt32BE(line.length);
    this.socket.write(Buffer.concat([length, line]));
    while (!this.answered) {
      if (this.ended) throw new Error(`the tool ended while it ran ${args.join(' ')}`);
      await new Promise<void>((resolve) => {
        this.changed = resolve;
      });
    }
    const end = 4 + this.received.readUInt32BE(0);
    const [status, stdout, stderr] = this.received.subarray(4, end).toString().split('\0');
    this.received = this.received.subarray(end);
    // As execa hands on what an executable wrote.
    return { status: Number(status), stdout: trimmed(stdout), stderr: trimmed(stderr) };
  }

  async stop(): Promise<void> {
    const gone = new Promise((resolve) => this.process.once('exit', resolve));
    if (this.process.exitCode !== null) return;
    this.socket.end();
    await gone;
  }

  private get answered(): boolean {
    return this.received.length >= 4 && this.received.length >= 4 + this.received.readUInt32BE(0);
  }
}

async function compile(folder: string): Promise<void> {
  if (existsSync(path.join(folder, 'resident-tool.beam'))) return;
  await execa('erlc', ['-o', folder, path.join(import.meta.dirname, 'resident-tool.erl')]);
}

/** Where the tool's script really is, beside the scripts that it reads. */
async function sbin(tool: string): Promise<string> {
  const { stdout } = await execa('readlink', ['-f', path.join(rabbitmq.folder, tool)]);
  return stdout;
}

function connectionOf(server: Server, process: ChildProcess): Promise<Socket> {
  return new Promise((resolve, reject) => {
    server.once('connection', resolve);
    process.once('exit', (status) => reject(new Error(`the tool ended at once, with status ${status}`)));
  });
}

const trimmed = (text = '') => text.replace(/\n$/, '');
