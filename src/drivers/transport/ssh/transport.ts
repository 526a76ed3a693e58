import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { WarrenError } from '../../../errors/warren-error.js';
import { RemoteFiles } from '../remote-files.js';
import type { CommandResult, FileOptions, Ownership, RunOptions, Transport } from '../transport.js';
import { type CommandEnd, RunningCommand } from './command.js';
import type { Elevation } from './command-script.js';
import { SshConnection } from './connection.js';
import { endCommand } from './end-command.js';
import { Interruption } from './interruption.js';
import { addressOf, portOf, type SshTarget } from './target.js';

/** A host over SSH. It connects when it is first used, and again when the connection broke in between. */
export class SshTransport implements Transport {
  readonly host: string;
  readonly #target: SshTarget;
  readonly #files = new RemoteFiles(this);
  #connection: Promise<SshConnection> | undefined;

  constructor(target: SshTarget) {
    this.host = target.host;
    this.#target = target;
  }

  async run(file: string, args: readonly string[], options: RunOptions = {}): Promise<CommandResult> {
    options.signal?.throwIfAborted();
    const connection = await this.#connected();
    const elevation: Elevation = 'none';
    const command = new RunningCommand({ file, args, ...options, elevation });
    const watch = new Interruption(options, () => endCommand(connection, command, elevation, undefined));
    try {
      const end = await connection.session(command.openingLine, (channel) => {
        options.signal?.throwIfAborted();
        command.attach(channel);
        return command.end;
      });
      return await watch.resultOf(command, () => this.#result(connection, end, `${file} ${args.join(' ')}`));
    } finally {
      watch.stop();
    }
  }

  #result(connection: SshConnection, end: CommandEnd, doing: string): CommandResult {
    if (end.kind === 'ended') {
      const { status, stdout, stderr, truncated } = end;
      return { status, stdout, stderr, ...(truncated ? { truncated } : {}) };
    }
    if (end.kind === 'not run')
      throw WarrenError.of('HOST_COMMAND_NOT_RUN', { host: this.host, doing, reason: end.said });
    const reason = connection.broken ?? 'the host closed the channel without an exit status';
    throw WarrenError.of('HOST_CONNECTION_LOST', { host: this.host, doing, reason });
  }

  readFile(path: string): Promise<string | undefined> {
    return this.#files.read(path);
  }

  writeFile(path: string, text: string | Uint8Array, options: FileOptions): Promise<void> {
    return this.#files.write(path, text, options);
  }

  makeFolder(path: string, mode: number, ownership: Ownership = {}): Promise<void> {
    return this.#files.makeFolder(path, mode, ownership);
  }

  remove(path: string): Promise<void> {
    return this.#files.remove(path);
  }

  async close(): Promise<void> {
    const connection = await this.#connection?.catch(() => undefined);
    this.#connection = undefined;
    await connection?.close();
  }

  async #connected(): Promise<SshConnection> {
    const before = await this.#connection;
    if (before && !before.broken) return before;
    this.#connection = this.#connect();
    this.#connection.catch(() => {
      this.#connection = undefined;
    });
    return this.#connection;
  }

  async #connect(): Promise<SshConnection> {
    const { address, user, keys = [] } = this.#target;
    const key = keys[0] ? await readFile(keys[0]) : undefined;
    try {
      const socket = connect(portOf(this.#target), address).setNoDelay(true);
      return await SshConnection.open(socket, { username: user, ...(key ? { privateKey: key } : {}) }, 8);
    } catch (error) {
      throw WarrenError.of('HOST_UNREACHABLE', {
        host: this.host,
        address: addressOf(this.#target),
        reason: (error as Error).message,
      });
    }
  }
}
