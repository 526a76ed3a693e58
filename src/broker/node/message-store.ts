import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock, Logger, MessageStore, QueueStore } from '../core/ports.js';
import { SegmentStore } from '../storage/segment-store.js';

/**
 * The message store of a node over all starts of its application: each `open` reads the files anew. Between
 * `close` and `open` there is nothing to ask for.
 */
export class NodeMessageStore implements MessageStore {
  readonly #directory: string;
  #open: SegmentStore | null = null;

  constructor(
    dataDirectory: string,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {
    this.#directory = join(dataDirectory, 'messages');
  }

  async open(): Promise<{ cleanShutdown: boolean }> {
    const store = new SegmentStore({ directory: this.#directory, clock: this.clock, logger: this.logger });
    const opened = await store.open();
    this.#open = store;
    return opened;
  }

  queue(id: string): QueueStore {
    return this.#current.queue(id);
  }

  queues(): string[] {
    return this.#current.queues();
  }

  onFailure(listener: (error: Error) => void): void {
    this.#current.onFailure(listener);
  }

  onRecovery(listener: () => void): void {
    this.#current.onRecovery(listener);
  }

  onPressure(listener: (pressed: boolean) => void): void {
    this.#current.onPressure(listener);
  }

  async close(): Promise<void> {
    const store = this.#open;
    this.#open = null;
    await store?.close();
  }

  /** Only while closed: the node has left its cluster, what it held is nobody's. */
  async wipe(): Promise<void> {
    await rm(this.#directory, { recursive: true, force: true });
  }

  get #current(): SegmentStore {
    if (this.#open === null) throw new Error('the message store is closed');
    return this.#open;
  }
}
