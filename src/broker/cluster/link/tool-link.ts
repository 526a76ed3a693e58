/**
 * A tool's link to a node (rabbitmqctl and the others): opened by node name, proven by the cookie, for calls.
 */
import { randomBytes } from 'node:crypto';
import { Registry, runtimeFolder } from '../registry.js';
import { openLink } from './connect.js';
import { LinkError } from './errors.js';
import type { Link } from './link.js';

export interface ToolLinkOptions {
  registry?: Registry;
  /** Milliseconds to connect and be admitted. */
  timeout?: number;
}

export class ToolLink {
  readonly #link: Link;

  private constructor(link: Link) {
    this.#link = link;
  }

  /** Rejects with LinkError: not_registered, unreachable, wrong_cookie or timeout. */
  static async connect(node: string, cookie: string, options: ToolLinkOptions = {}): Promise<ToolLink> {
    const name = `rabbitmqcli-${process.pid}`;
    const link = await openLink(node, {
      registry: options.registry ?? new Registry(runtimeFolder(process.env)),
      cookie,
      self: { role: 'tool', name, incarnation: randomBytes(8).toString('hex') },
      ...(options.timeout === undefined ? {} : { timeout: options.timeout }),
    });
    return new ToolLink(link);
  }

  /** Rejects with what the node refused (AmqpError, OperationRefused), or LinkError: closed or timeout. */
  async call(name: string, args: unknown, timeout?: number): Promise<unknown> {
    const answer = this.#link.call(name, args);
    if (timeout === undefined || timeout === Number.POSITIVE_INFINITY) return answer;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      const node = this.#link.far.name;
      timer = setTimeout(() => {
        reject(new LinkError('timeout', node, `node '${node}' did not answer within ${timeout} ms`));
      }, timeout);
    });
    return Promise.race([answer, late]).finally(() => clearTimeout(timer));
  }

  onClose(callback: () => void): void {
    this.#link.onClose(callback);
  }

  close(): void {
    this.#link.close();
  }
}
