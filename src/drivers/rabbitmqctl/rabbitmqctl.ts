import { join } from 'node:path';
import { WarrenError } from '../../errors/warren-error.js';
import type { Engine } from '../engine/find.js';
import type { Transport } from '../transport/transport.js';

/** Runs an engine's rabbitmqctl against the node whose environment it is given. */
export class Rabbitmqctl {
  readonly #transport: Transport;
  readonly #file: string;
  readonly #env: Readonly<Record<string, string>>;

  constructor(transport: Transport, engine: Engine, env: Readonly<Record<string, string>>) {
    this.#transport = transport;
    this.#file = join(engine.folder, 'rabbitmqctl');
    this.#env = env;
  }

  /** What it printed; TOOL_FAILED, with what it said, when its exit status is not 0. */
  async run(args: readonly string[], signal?: AbortSignal): Promise<string> {
    const options = { env: this.#env, timeoutMs: 120_000, ...(signal ? { signal } : {}) };
    const { status, stdout, stderr } = await this.#transport.run(this.#file, args, options);
    signal?.throwIfAborted();
    if (status === 0) return stdout;
    const output = stderr.trim() || stdout.trim() || 'it said nothing';
    throw WarrenError.of('TOOL_FAILED', { tool: `rabbitmqctl ${args.join(' ')}`, status, output });
  }
}
