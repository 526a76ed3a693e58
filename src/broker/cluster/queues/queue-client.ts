/**
 * What the remote queues of this node share: the links to the leaders, and who gets what comes back on them.
 */
import type { QueueRow } from '../../core/metadata/rows.js';
import type { Tables } from '../../core/metadata/tables.js';
import type { Clock } from '../../core/ports.js';
import type { Consumer } from '../../core/queue-port.js';
import { frameTypes } from '../link/frame.js';
import type { Link } from '../link/link.js';
import type { Links } from '../links.js';
import { ProxyConsumer } from './proxy-consumer.js';
import type { RemoteConsumer } from './remote-consumer.js';
import type { RemoteQueue } from './remote-queue.js';
import { type QueueAddress, readDelivery } from './wire.js';

const retryAfter = 20;

export class QueueClient {
  readonly consumers = new Map<number, { queue: RemoteQueue; consumer: RemoteConsumer }>();
  readonly #links: Links;
  readonly #tables: Tables;
  readonly #clock: Clock;
  readonly #queues = new Map<number, RemoteQueue>();
  readonly #watched = new WeakSet<Link>();
  readonly #connecting = new Set<string>();
  #numbers = 0;
  #woken: (() => void)[] = [];
  #over = false;

  constructor(links: Links, tables: Tables, clock: Clock) {
    this.#links = links;
    this.#tables = tables;
    this.#clock = clock;
    tables.onChange((changes) => {
      if (changes.some(({ table }) => table === 'nodes')) queueMicrotask(() => this.#look());
      else this.#wake();
    });
  }

  register(queue: RemoteQueue): number {
    const handle = this.newNumber();
    this.#queues.set(handle, queue);
    return handle;
  }

  unregister(queue: RemoteQueue): void {
    this.#queues.delete(queue.handle);
    this.#wake();
  }

  newNumber(): number {
    this.#numbers++;
    return this.#numbers;
  }

  isProxy(consumer: Consumer): boolean {
    return consumer instanceof ProxyConsumer;
  }

  isDown(row: QueueRow): boolean {
    return this.#over || this.#tables.get('nodes', row.leader)?.running !== true;
  }

  /** The link to a leader; null while there is none: queues are told when there is. */
  linkTo(node: string): Link | null {
    const link = this.#links.open(node);
    if (link === null || link.closed) {
      if (!this.#connecting.has(node)) void this.#connect(node);
      return null;
    }
    if (!this.#watched.has(link)) {
      this.#watched.add(link);
      link.onClose(() => this.#look());
    }
    return link;
  }

  open(link: Link, handle: number, address: QueueAddress): void {
    const at = link.outbox.reserve(frameTypes.open, 4, Buffer.from(JSON.stringify(address)));
    link.outbox.block.writeUInt32BE(handle, at);
  }

  /** Resolves when something about nodes, queues or links has changed, or after a moment. */
  change(): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#clock.after(retryAfter, resolve);
      this.#woken.push(() => {
        cancel();
        resolve();
      });
    });
  }

  stop(): void {
    this.#over = true;
    for (const queue of [...this.#queues.values()]) queue.look();
    this.#wake();
  }

  onDeliver(payload: Buffer, link: Link): void {
    const { consumer, position, redelivered, message } = readDelivery(payload);
    const found = this.consumers.get(consumer);
    if (found?.queue.hears(link)) found.queue.delivered(found.consumer, position, message, redelivered);
    else if (!link.closed) link.call('queue.returned', { number: consumer, position }).catch(() => {});
  }

  onAnswered(payload: Buffer, link: Link, refused: boolean): void {
    const queue = this.#queues.get(payload.readUInt32BE(0));
    if (queue?.hears(link)) queue.answered(payload, refused);
  }

  onCancelled(payload: Buffer, link: Link): void {
    const found = this.consumers.get(payload.readUInt32BE(0));
    if (found?.queue.hears(link)) found.queue.cancelledByLeader(found.consumer);
  }

  async #connect(node: string): Promise<void> {
    this.#connecting.add(node);
    try {
      await this.#links.to(node);
    } catch {
      await new Promise<void>((resolve) => this.#clock.after(retryAfter, resolve));
    }
    this.#connecting.delete(node);
    this.#look();
  }

  #look(): void {
    if (this.#over) return;
    for (const queue of [...this.#queues.values()]) queue.look();
    this.#wake();
  }

  #wake(): void {
    const woken = this.#woken;
    this.#woken = [];
    for (const wake of woken) wake();
  }
}
