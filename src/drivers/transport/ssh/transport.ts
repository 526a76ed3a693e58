import type { Duplex } from 'node:stream';
import { WarrenError } from '../../../errors/warren-error.js';
import { RemoteFiles } from '../remote-files.js';
import type { CommandResult, FileOptions, Ownership, RunOptions, Transport } from '../transport.js';
import type { AskedSecrets } from './asked-secrets.js';
import { type CommandEnd, RunningCommand } from './command.js';
import type { SshConnection } from './connection.js';
import { endCommand } from './end-command.js';
import { Interruption, orAbort } from './interruption.js';
import { Sudo } from './sudo.js';
import { addressOf, type SshTarget } from './target.js';

/**
 * A host over SSH. It connects when it is first used, and again when the
 * connection broke in between. A command is sent once: only if the connection
 * broke before any of it was sent, or if the command changes nothing, is it sent
 * on a new connection.
 */
export class SshTransport implements Transport {
  readonly host: string;
  readonly #target: SshTarget;
  readonly #connect: () => Promise<SshConnection>;
  readonly #sudo: Sudo;
  readonly #files = new RemoteFiles(this);
  #connection: Promise<SshConnection> | undefined;
  #closed = false;

  constructor(target: SshTarget, secrets: AskedSecrets, connect: () => Promise<SshConnection>) {
    this.host = target.host;
    this.#target = target;
    this.#connect = connect;
    this.#sudo = new Sudo(target, secrets);
  }

  async run(file: string, args: readonly string[], options: RunOptions = {}): Promise<CommandResult> {
    for (let attempt = 1; ; attempt++) {
      const connection = await orAbort(this.#connected(), options.signal);
      const command = new RunningCommand({ file, args, ...options, ...this.#sudo.rights });
      const end = await this.#send(connection, command, options);
      if (!('kind' in end)) return end;
      const again = connection.broken && (options.readOnly || !command.sent);
      if (!again || attempt === attempts || this.#closed) return this.#failed(connection, end, file, args);
    }
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

  /** A connection to a port as a program on the host would open it: what goes through is not seen on the way there. */
  async connect(address: string, port: number): Promise<Duplex> {
    return (await this.#connected()).forward(address, port);
  }

  async close(): Promise<void> {
    this.#closed = true;
    const connection = await this.#connection?.catch(() => undefined);
    await connection?.close();
  }

  async #send(
    connection: SshConnection,
    command: RunningCommand,
    options: RunOptions,
  ): Promise<CommandResult | CommandEnd> {
    const watch = new Interruption(options, () => endCommand(connection, command, this.#sudo));
    try {
      const end = await connection
        .session(command.openingLine, (channel) => {
          if (watch.interrupted) channel.close();
          else command.attach(channel);
          return command.end;
        })
        .catch((error): CommandEnd => {
          if (error instanceof WarrenError) throw error;
          return { kind: 'not run', said: (error as Error).message };
        });
      return await watch.resultOf(command, end);
    } finally {
      watch.stop();
    }
  }

  #failed(connection: SshConnection, end: CommandEnd, file: string, args: readonly string[]): never {
    const facts = { host: this.host, doing: [file, ...args].join(' ') };
    if (end.kind === 'password refused') throw this.#sudo.refusedPassword();
    if (connection.broken || end.kind !== 'not run') {
      const reason = connection.broken ?? 'the host closed the channel without an exit status';
      throw WarrenError.of('HOST_CONNECTION_LOST', { ...facts, reason });
    }
    throw (
      this.#sudo.refusal(end.said) ?? WarrenError.of('HOST_COMMAND_NOT_RUN', { ...facts, reason: end.said })
    );
  }

  async #connected(): Promise<SshConnection> {
    if (this.#closed)
      throw WarrenError.of('HOST_UNREACHABLE', {
        host: this.host,
        address: addressOf(this.#target),
        reason: 'it was closed',
      });
    const before = this.#connection;
    if (before) {
      const connection = await before;
      if (!connection.broken) return connection;
      if (this.#connection !== before) return this.#connected();
    }
    const opening = this.#connect();
    this.#connection = opening;
    opening.catch(() => {
      if (this.#connection === opening) this.#connection = undefined;
    });
    return opening;
  }
}

const attempts = 3;
