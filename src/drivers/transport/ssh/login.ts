import type { Duplex } from 'node:stream';
import type { Client, ConnectConfig } from 'ssh2';
import { WarrenError } from '../../../errors/warren-error.js';
import type { AskedSecrets } from './asked-secrets.js';
import { Authentication } from './authentication.js';
import { reasonOf, SshConnection } from './connection.js';
import type { HostKeys } from './host-keys.js';
import type { KeyFiles } from './key-files.js';
import { Patience } from './patience.js';
import { addressOf, type SshLogin, type SshOptions } from './target.js';

/** What all logins of one run share. */
export interface LoginShare {
  readonly options: SshOptions;
  readonly hostKeys: HostKeys;
  readonly keys: KeyFiles;
  readonly secrets: AskedSecrets;
}

/** The host ended the connection before it knew who we are: a busy sshd does (MaxStartups), and may not the next time. */
export class DroppedEarly extends Error {}

/**
 * Exchanges keys over a socket that is connected, checks the host's key and logs
 * in. What is wrong with the key or the login is thrown as it is; ssh2 would only
 * say that the handshake failed.
 */
export async function logIn(
  host: string,
  login: SshLogin,
  socket: Duplex,
  share: LoginShare,
): Promise<SshConnection> {
  const { default: ssh2 } = await import('ssh2');
  const client = new ssh2.Client();
  const attempt = new LoginAttempt(host, login, client, share);
  try {
    const algorithms = await share.hostKeys.algorithms(login);
    if (socket.destroyed || socket.readableEnded) throw new DroppedEarly(closedEarly);
    await attempt.run(socket, algorithms);
    return new SshConnection(client, socket, share.options.sessions ?? 8);
  } catch (error) {
    client.on('error', () => {});
    socket.destroy();
    throw error;
  } finally {
    attempt.stop();
  }
}

const closedEarly = 'it closed the connection before the login was done';

class LoginAttempt {
  readonly #host: string;
  readonly #login: SshLogin;
  readonly #client: Client;
  readonly #share: LoginShare;
  readonly #authentication: Authentication;
  readonly #patience: Patience;
  /** Ours, and so the better word on what went wrong. */
  #failure: unknown;
  #knowsHost = false;
  #fail!: (error: unknown) => void;

  constructor(host: string, login: SshLogin, client: Client, share: LoginShare) {
    this.#host = host;
    this.#login = login;
    this.#client = client;
    this.#share = share;
    this.#authentication = new Authentication(login, share.keys, share.secrets);
    this.#patience = new Patience(share.options.stepMs ?? 10_000, (reason) =>
      this.#refuse(this.#unreachable(reason)),
    );
  }

  run(
    socket: Duplex,
    serverHostKey: NonNullable<ConnectConfig['algorithms']>['serverHostKey'],
  ): Promise<void> {
    const { keepaliveMs = 5_000 } = this.#share.options;
    return new Promise((resolve, reject) => {
      this.#fail = reject;
      this.#client.once('ready', resolve);
      this.#client.on('error', this.#heardError);
      this.#client.once('close', () => reject(this.#failure ?? this.#closed()));
      this.#patience.expect('it does not speak SSH: nothing of it came');
      this.#client.connect({
        sock: socket as never,
        username: this.#login.user,
        readyTimeout: 0,
        keepaliveInterval: keepaliveMs,
        keepaliveCountMax: 3,
        algorithms: { serverHostKey: serverHostKey! },
        hostVerifier: (key: Buffer, verified: (fine: boolean) => void) => this.#verify(key, verified),
        authHandler: this.#authHandler(),
      });
    });
  }

  stop(): void {
    this.#patience.stop();
    this.#client.removeListener('error', this.#heardError);
  }

  #verify(key: Buffer, verified: (fine: boolean) => void): void {
    this.#patience.stop();
    this.#share.hostKeys.check(this.#host, this.#login, key).then(
      () => {
        this.#knowsHost = true;
        this.#patience.expect('no end of the key exchange came');
        verified(true);
      },
      (error) => {
        this.#failure = error;
        verified(false);
        this.#fail(error);
      },
    );
  }

  #authHandler(): NonNullable<ConnectConfig['authHandler']> {
    const next = this.#authentication.attempts();
    return (left, partly, take) => {
      this.#patience.stop();
      next(left, partly ?? false).then(
        (method) => {
          if (!method) return this.#refuse(this.#refused());
          this.#patience.expect('no answer to the login came');
          take(method);
        },
        (error) => this.#refuse(error),
      );
    };
  }

  readonly #heardError = (error: Error & { level?: string }): void => {
    if (error.level === 'agent') {
      this.#authentication.tried.push(`which failed: ${error.message}`);
      return;
    }
    const early =
      !this.#knowsHost &&
      (error.level === 'client-socket' || error.message === 'Connection lost before handshake');
    this.#refuse(early ? new DroppedEarly(reasonOf(error)) : this.#unreachable(reasonOf(error)));
  };

  #refuse(error: unknown): void {
    this.#failure ??= error;
    this.#fail(this.#failure);
  }

  #closed(): Error {
    return this.#knowsHost ? this.#unreachable(closedEarly) : new DroppedEarly(closedEarly);
  }

  #refused(): WarrenError {
    const { user } = this.#login;
    const { tried } = this.#authentication;
    return WarrenError.of('HOST_REFUSED_LOGIN', {
      host: this.#host,
      user,
      address: addressOf(this.#login),
      tried,
    });
  }

  #unreachable(reason: string): WarrenError {
    return WarrenError.of('HOST_UNREACHABLE', { host: this.#host, address: addressOf(this.#login), reason });
  }
}
