/**
 * This node's links: one of its own to every node it talks to, opened when first needed, on which it asks; and
 * those that others opened to it, on which it answers. `running` is what the metadata says; a link that closes
 * is told to whoever watches (membership), with the incarnation that was at its far end.
 */

import type { Listener } from '../config/node-config.js';
import type { Logger, NodeLink, Peers } from '../core/ports.js';
import { Answers, type Handler } from './link/answers.js';
import { openLink } from './link/connect.js';
import { LinkError } from './link/errors.js';
import type { Far } from './link/handshake.js';
import type { FrameHandler, FrameHandlers, Link } from './link/link.js';
import { LinkListener } from './link/listener.js';
import type { Registry } from './registry.js';

export interface LinksOptions {
  self: string;
  cookie: string;
  registry: Registry;
  distribution: Listener;
  tickTime?: number;
  logger: Logger;
}

export type LostListener = (node: string, incarnation: string) => void;

export class Links implements Peers {
  readonly self: string;
  /** Name of this run; a new one after each stop of the application. */
  incarnation = '';
  /** Set by the application that runs. */
  runningNodes: () => string[] = () => [];
  readonly #options: LinksOptions;
  readonly #answers = new Answers();
  readonly #frames: FrameHandlers = new Map();
  readonly #outgoing = new Map<string, Link>();
  readonly #opening = new Map<string, Promise<Link>>();
  readonly #incoming = new Set<Link>();
  readonly #blocked = new Set<string>();
  readonly #lost: LostListener[] = [];
  #listener: LinkListener | null = null;

  constructor(options: LinksOptions) {
    this.#options = options;
    this.self = options.self;
  }

  async listen(): Promise<number> {
    const { distribution, cookie, tickTime, logger } = this.#options;
    this.#listener = new LinkListener({
      address: distribution.address,
      port: distribution.port,
      cookie,
      self: this,
      tickTime,
      answers: this.#answers,
      frames: this.#frames,
      logger,
      admits: (far) => !this.#blocked.has(far.name),
      accepted: (link) => this.#accepted(link),
    });
    return this.#listener.listen();
  }

  async close(): Promise<void> {
    this.severNodes();
    await this.#listener?.close();
    this.#listener = null;
  }

  get name(): string {
    return this.self;
  }

  running(): string[] {
    return this.runningNodes();
  }

  answer(name: string, handler: Handler): void {
    this.#answers.set(name, handler);
  }

  onFrame(type: number, handler: FrameHandler): void {
    this.#frames.set(type, handler);
  }

  onLost(listener: LostListener): void {
    this.#lost.push(listener);
  }

  async call(node: string, name: string, args: unknown): Promise<unknown> {
    if (node === this.self) return this.#answers.give(name, args, this.self, null);
    return (this.open(node) ?? (await this.to(node))).call(name, args);
  }

  /** The link to a node if there is one now. */
  open(node: string): Link | null {
    return this.#outgoing.get(node) ?? null;
  }

  /** The link to a node, opened if need be. Rejects with LinkError. */
  to(node: string): Promise<Link> {
    const link = this.#outgoing.get(node);
    if (link !== undefined) return Promise.resolve(link);
    const opening = this.#opening.get(node) ?? this.#connect(node);
    this.#opening.set(node, opening);
    return opening;
  }

  /** Nodes that have a link to this one. */
  *incoming(): IterableIterator<Link> {
    for (const link of this.#incoming) if (link.far.role === 'node') yield link;
  }

  /** Each link that this node opened, with what goes over the one that the other opened. */
  links(): NodeLink[] {
    return [...this.#outgoing.values()].map(({ far, ends }) => {
      const back = [...this.incoming()].filter((link) => link.far.incarnation === far.incarnation);
      const total = (count: (of: Link['ends']) => number) =>
        back.reduce((sum, link) => sum + count(link.ends), count(ends));
      return {
        ...ends,
        node: far.name,
        sent: total(({ sent }) => sent),
        received: total(({ received }) => received),
      };
    });
  }

  /** Ends the links with one incarnation of a node, or with all nodes; tools stay. */
  severNodes(node?: string, incarnation?: string): void {
    for (const link of [...this.#outgoing.values(), ...this.incoming()]) {
      const meant = node === undefined || link.far.name === node;
      if (meant && (incarnation === undefined || link.far.incarnation === incarnation)) link.sever();
    }
  }

  block(node: string): void {
    this.#blocked.add(node);
    this.severNodes(node);
  }

  unblock(node: string): void {
    this.#blocked.delete(node);
  }

  get blocked(): ReadonlySet<string> {
    return this.#blocked;
  }

  async #connect(node: string): Promise<Link> {
    const { incarnation } = this;
    try {
      const link = await this.#dial(node);
      if (this.#blocked.has(node) || incarnation !== this.incarnation) {
        link.sever();
        throw unreachable(node);
      }
      this.#outgoing.set(node, link);
      link.onClose(() => {
        if (this.#outgoing.get(node) === link) this.#outgoing.delete(node);
        this.#tellLost(link);
      });
      return link;
    } finally {
      this.#opening.delete(node);
    }
  }

  async #dial(node: string): Promise<Link> {
    const { registry, cookie, tickTime } = this.#options;
    if (this.#blocked.has(node)) throw unreachable(node);
    const self: Far = { role: 'node', name: this.self, incarnation: this.incarnation };
    return openLink(node, {
      registry,
      cookie,
      self,
      tickTime,
      answers: this.#answers,
      frames: this.#frames,
    });
  }

  #accepted(link: Link): void {
    this.#incoming.add(link);
    link.onClose(() => {
      this.#incoming.delete(link);
      if (link.far.role === 'node') this.#tellLost(link);
    });
  }

  #tellLost(link: Link): void {
    for (const listener of this.#lost) listener(link.far.name, link.far.incarnation);
  }
}

const unreachable = (node: string) => new LinkError('unreachable', node, `node '${node}' cannot be reached`);
