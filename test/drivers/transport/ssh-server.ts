import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { type AuthContext, type Connection, Server, type ServerChannel, type Session } from 'ssh2';
import { ed25519Pair } from './ssh-keys.js';

/**
 * A real SSH server of this process, on a free port of loopback, that runs the
 * commands it is sent, each in a process group of its own, as sshd does.
 */
export interface SshServerOptions {
  readonly hostKeys?: readonly string[];
  /** Lets whoever comes in, unless it is given. */
  readonly authenticate?: (attempt: AuthContext, connection: Connection) => void;
  /** Instead of running a command. Returns false to have it run all the same. */
  readonly onCommand?: (line: string, channel: ServerChannel, connection: Connection) => boolean;
  readonly env?: Readonly<Record<string, string>>;
  /** What the login shell does before each command. */
  readonly prefix?: string;
  /** Sessions it allows at once on one connection. */
  readonly sessions?: number;
  /** Refuses the requests to signal a process, as sshd does for processes of another user. */
  readonly ignoreSignals?: boolean;
}

export const hostKey = ed25519Pair();

export class SshServer {
  readonly port: number;
  readonly connections = new Set<Connection>();
  readonly commands: string[] = [];
  readonly processes = new Set<ChildProcessWithoutNullStreams>();
  /** How many connections there ever were. */
  accepted = 0;
  /** The most sessions that were ever open at once on one connection. */
  mostSessions = 0;
  readonly #server: Server;
  readonly #options: SshServerOptions;

  private constructor(server: Server, port: number, options: SshServerOptions) {
    this.#server = server;
    this.port = port;
    this.#options = options;
  }

  static async start(options: SshServerOptions = {}): Promise<SshServer> {
    const server = new Server({ hostKeys: [...(options.hostKeys ?? [hostKey.private])] });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const started = new SshServer(server, (server.address() as AddressInfo).port, options);
    server.on('connection', (connection) => started.#serve(connection));
    return started;
  }

  async stop(): Promise<void> {
    this.hangUp();
    for (const child of this.processes) process.kill(-child.pid!, 'SIGKILL');
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  /** Drops every connection without a word. */
  hangUp(): void {
    for (const connection of this.connections)
      (connection as unknown as { _sock: { destroy(): void } })._sock.destroy();
  }

  #serve(connection: Connection): void {
    this.accepted += 1;
    (connection as unknown as Socket).setNoDelay(true);
    this.connections.add(connection);
    let sessions = 0;
    connection.on('error', () => {});
    connection.on('close', () => this.connections.delete(connection));
    connection.on('authentication', (attempt) =>
      this.#options.authenticate ? this.#options.authenticate(attempt, connection) : attempt.accept(),
    );
    connection.on('session', (accept, reject) => {
      if (sessions >= (this.#options.sessions ?? 10)) return reject();
      sessions += 1;
      this.mostSessions = Math.max(this.mostSessions, sessions);
      this.#session(accept(), connection, () => {
        sessions -= 1;
      });
    });
    connection.on('tcpip', (accept, reject, { destIP, destPort }) => {
      const socket = connect(destPort, destIP);
      socket.once('error', () => reject());
      socket.once('connect', () => {
        const channel = accept();
        socket.pipe(channel).pipe(socket);
        channel.on('error', () => socket.destroy());
        channel.on('close', () => socket.destroy());
        socket.on('error', () => channel.close());
      });
    });
  }

  #session(session: Session, connection: Connection, closed: () => void): void {
    let child: ChildProcessWithoutNullStreams | undefined;
    session.on('close', closed);
    session.on('signal', (_accept, _reject, { name }) => {
      if (child?.pid && !this.#options.ignoreSignals)
        process.kill(-child.pid, `SIG${name}` as NodeJS.Signals);
    });
    session.on('exec', (accept, _reject, { command }) => {
      this.commands.push(command);
      const channel = accept();
      channel.on('error', () => {});
      if (this.#options.onCommand?.(command, channel, connection)) return;
      child = this.#execute((this.#options.prefix ?? '') + command, channel);
    });
  }

  #execute(line: string, channel: ServerChannel): ChildProcessWithoutNullStreams {
    const env = { ...process.env, ...this.#options.env };
    // --norc: bash takes a socket for rsh's, and would read what this machine's user has for a login.
    const child = spawn('/bin/bash', ['--norc', '-c', line], { detached: true, env });
    this.processes.add(child);
    child.stdin.on('error', () => {});
    channel.pipe(child.stdin);
    child.stdout.pipe(channel, { end: false });
    child.stderr.pipe(channel.stderr, { end: false });
    child.on('exit', (code, signal) => {
      this.processes.delete(child);
      if (signal) channel.exit(signal.slice(3));
      else channel.exit(code ?? 0);
    });
    child.on('close', () => {
      channel.end();
      channel.close();
    });
    return child;
  }
}
