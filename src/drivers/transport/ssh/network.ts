import { setMaxListeners } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { WarrenError } from '../../../errors/warren-error.js';
import { AskedSecrets } from './asked-secrets.js';
import type { SshConnection } from './connection.js';
import { HostKeys } from './host-keys.js';
import { KeyFiles } from './key-files.js';
import { DroppedEarly, type LoginShare, logIn } from './login.js';
import { Patience } from './patience.js';
import { addressOf, portOf, type SshLogin, type SshOptions, type SshTarget } from './target.js';
import { SshTransport } from './transport.js';

/**
 * All hosts of one run: what the user was asked, keys that were opened, hosts'
 * keys that were learnt and bastions that are connected are shared between them.
 * Closing it closes everything that was opened through it, connections under way
 * included.
 */
export class SshNetwork {
  readonly #share: LoginShare;
  readonly #bastions = new Map<string, Promise<SshConnection>>();
  readonly #transports: SshTransport[] = [];
  readonly #closing = new AbortController();

  constructor(options: SshOptions) {
    setMaxListeners(0, this.#closing.signal);
    const secrets = new AskedSecrets(options.ask);
    this.#share = { options, secrets, keys: new KeyFiles(secrets), hostKeys: new HostKeys(options) };
  }

  transport(target: SshTarget): SshTransport {
    const transport = new SshTransport(target, this.#share.secrets, () => this.#connect(target));
    this.#transports.push(transport);
    return transport;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all(this.#transports.map((transport) => transport.close()));
    const bastions = await Promise.allSettled(this.#bastions.values());
    await Promise.all(bastions.map((one) => one.status === 'fulfilled' && one.value.close()));
  }

  async #connect(target: SshTarget): Promise<SshConnection> {
    const { host, bastion } = target;
    return this.#logIn(host, target, async () => {
      if (!bastion) return this.#socket(host, target);
      const between = await this.#bastion(bastion);
      return between.forward(target.address, portOf(target)).catch((error: Error) => {
        const reason = `from ${addressOf(bastion)}: ${error.message.replace('(SSH) Channel open failure: ', '')}`;
        throw WarrenError.of('HOST_UNREACHABLE', { host, address: addressOf(target), reason });
      });
    });
  }

  async #bastion(login: SshLogin): Promise<SshConnection> {
    const name = `${login.user}@${addressOf(login)}`;
    const known = this.#bastions.get(name);
    if (known) {
      const connection = await known;
      if (!connection.broken) return connection;
      if (this.#bastions.get(name) !== known) return this.#bastion(login);
    }
    const opening = this.#logIn(login.address, login, () => this.#socket(login.address, login));
    this.#bastions.set(name, opening);
    opening.catch(() => this.#bastions.delete(name));
    return opening;
  }

  async #logIn(host: string, login: SshLogin, open: () => Promise<Duplex>): Promise<SshConnection> {
    for (let attempt = 1; ; attempt++) {
      const socket = await open();
      const stop = () => socket.destroy();
      this.#closing.signal.addEventListener('abort', stop);
      try {
        return await logIn(host, login, socket, this.#share);
      } catch (error) {
        if (!(error instanceof DroppedEarly)) throw error;
        if (attempt === attempts || this.#closing.signal.aborted)
          throw WarrenError.of('HOST_UNREACHABLE', {
            host,
            address: addressOf(login),
            reason: error.message,
          });
        await sleep(attempt * pauseMs);
      } finally {
        this.#closing.signal.removeEventListener('abort', stop);
      }
    }
  }

  #socket(host: string, login: SshLogin): Promise<Socket> {
    const { signal } = this.#closing;
    return new Promise((resolve, reject) => {
      const socket = connect({ host: login.address, port: portOf(login), noDelay: true });
      const fail = (reason: string) => {
        patience.stop();
        signal.removeEventListener('abort', closed);
        socket.destroy();
        reject(WarrenError.of('HOST_UNREACHABLE', { host, address: addressOf(login), reason }));
      };
      const closed = () => fail('it was closed');
      const patience = new Patience(this.#share.options.stepMs ?? 10_000, fail);
      patience.expect('no answer came');
      signal.addEventListener('abort', closed);
      socket.once('error', (error: NodeJS.ErrnoException) => fail(socketReason(error)));
      socket.once('connect', () => {
        patience.stop();
        signal.removeEventListener('abort', closed);
        socket.removeAllListeners('error');
        socket.on('error', () => {});
        resolve(socket);
      });
    });
  }
}

function socketReason(error: NodeJS.ErrnoException): string {
  const words: Record<string, string> = {
    ECONNREFUSED: 'nothing listens on that port',
    EHOSTUNREACH: 'no route to it, or it is off',
    ENETUNREACH: 'no route to its network',
    ETIMEDOUT: 'no answer came',
    ENOTFOUND: 'its name is not known',
    EAI_AGAIN: 'its name cannot be looked up now',
  };
  return words[error.code ?? ''] ?? error.message;
}

const attempts = 3;
const pauseMs = 250;
