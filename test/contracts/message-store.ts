/** What every MessageStore must do. `make` opens on the same content each time it is called. */
import { describe, expect, it } from 'vitest';
import type { QueueEntry } from '../../src/broker/core/message.js';
import type { MessageStore } from '../../src/broker/core/ports.js';
import type { Confirms } from '../../src/broker/core/queue-port.js';

export function entry(position: number, body: string | Buffer = `body ${position}`): QueueEntry {
  return {
    position,
    expiresAt: position % 2 === 0 ? Number.POSITIVE_INFINITY : 1_700_000_000_000 + position,
    redelivered: false,
    message: {
      exchange: 'logs',
      routingKey: `key.${position}`,
      properties: Buffer.from([0x10, 0x00, 2]),
      body: Buffer.from(body),
      persistent: true,
      priority: position % 10,
      expiration: -1,
    },
  };
}

/** Counts holds as a channel does. */
export class Holds implements Confirms {
  readonly held = new Map<number, number>();
  readonly released: number[] = [];
  readonly refused: number[] = [];
  readonly #waiting: (() => void)[] = [];

  hold(sequence: number): void {
    this.held.set(sequence, (this.held.get(sequence) ?? 0) + 1);
  }
  release(sequence: number): void {
    this.released.push(sequence);
    this.#settle(sequence);
  }
  refuse(sequence: number): void {
    this.refused.push(sequence);
    this.#settle(sequence);
  }
  /** Resolves once nothing is held. */
  async settled(): Promise<void> {
    if (this.held.size > 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }
  #settle(sequence: number): void {
    const left = (this.held.get(sequence) ?? 0) - 1;
    if (left < 0) throw new Error(`sequence ${sequence} was settled more often than held`);
    if (left > 0) this.held.set(sequence, left);
    else this.held.delete(sequence);
    if (this.held.size === 0) for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

/** Everything it has of a queue, in order of position. */
export function contents(store: MessageStore, queue: string): Promise<QueueEntry[]> {
  const part = store.queue(queue);
  return part.load([...part.stored().positions]);
}

const positions = (entries: QueueEntry[]) => entries.map(({ position }) => position);

export function messageStoreContract(
  name: string,
  make: () => Promise<{ open(): Promise<MessageStore> }>,
): void {
  describe(`message store contract: ${name}`, () => {
    const fresh = async () => {
      const place = await make();
      return { place, store: await place.open() };
    };
    const reopen = async (place: { open(): Promise<MessageStore> }, store: MessageStore) => {
      await store.close();
      return place.open();
    };

    it('gives back after a restart what was appended, byte for byte', async () => {
      const { place, store } = await fresh();
      const given = [entry(1), entry(2, ''), entry(3, Buffer.alloc(70_000, 7)), entry(4, 'ünï')];
      for (const one of given) store.queue('q').append(one, null, 0);
      const again = await reopen(place, store);
      expect(again.queues()).toEqual(['q']);
      expect(await contents(again, 'q')).toEqual(given);
      await again.close();
    });

    it('holds each confirm once and releases it once', async () => {
      const { store } = await fresh();
      const holds = new Holds();
      for (let i = 1; i <= 300; i++) store.queue(`q${i % 3}`).append(entry(i), holds, i);
      expect(holds.held.size).toBe(300);
      expect(holds.released).toEqual([]);
      await holds.settled();
      expect([...holds.released].sort((a, b) => a - b)).toEqual(Array.from({ length: 300 }, (_, i) => i + 1));
      expect(holds.refused).toEqual([]);
      await store.close();
    });

    it('orders by position, whatever the order of the appends', async () => {
      const { place, store } = await fresh();
      for (const position of [500, 3, 70, 1, 2 ** 40, 69]) store.queue('q').append(entry(position), null, 0);
      const again = await reopen(place, store);
      expect(positions(await contents(again, 'q'))).toEqual([1, 3, 69, 70, 500, 2 ** 40]);
      await again.close();
    });

    it('forgets what was removed before and after the sync', async () => {
      const { place, store } = await fresh();
      const queue = store.queue('q');
      const holds = new Holds();
      for (let i = 1; i <= 10; i++) queue.append(entry(i), holds, i);
      queue.remove(3);
      await holds.settled();
      queue.remove(5);
      queue.remove(6);
      queue.remove(99);
      const again = await reopen(place, store);
      expect(positions(await contents(again, 'q'))).toEqual([1, 2, 4, 7, 8, 9, 10]);
      await again.close();
    });

    it('releases the confirm of what is removed before it is written', async () => {
      const { store } = await fresh();
      const holds = new Holds();
      store.queue('q').append(entry(1), holds, 1);
      store.queue('q').remove(1);
      await holds.settled();
      expect(holds.released).toEqual([1]);
      await store.close();
    });

    it('remembers deliveries', async () => {
      const { place, store } = await fresh();
      const queue = store.queue('q');
      const holds = new Holds();
      queue.append(entry(1), holds, 1);
      queue.append(entry(2), holds, 2);
      queue.delivered(1);
      await holds.settled();
      queue.append(entry(3), null, 3);
      queue.delivered(2);
      const again = await reopen(place, store);
      const kept = await contents(again, 'q');
      expect(kept.map(({ redelivered }) => redelivered)).toEqual([true, true, false]);
      await again.close();
    });

    it('removes all, and takes the same positions again', async () => {
      const { place, store } = await fresh();
      const queue = store.queue('q');
      const holds = new Holds();
      for (let i = 1; i <= 5; i++) queue.append(entry(i), holds, i);
      await holds.settled();
      queue.append(entry(6), null, 6);
      queue.remove(1);
      queue.removeAll();
      for (let i = 2; i <= 4; i++) queue.append(entry(i, 'again'), null, i);
      const again = await reopen(place, store);
      const kept = await contents(again, 'q');
      expect(kept.map((one) => [one.position, String(one.message.body)])).toEqual([
        [2, 'again'],
        [3, 'again'],
        [4, 'again'],
      ]);
      await again.close();
    });

    it('drops one queue and leaves the others', async () => {
      const { place, store } = await fresh();
      const holds = new Holds();
      for (let i = 1; i <= 4; i++) store.queue(i % 2 ? 'odd' : 'even').append(entry(i), holds, i);
      await holds.settled();
      store.queue('odd').drop();
      expect(store.queues()).toEqual(['even']);
      const again = await reopen(place, store);
      expect(again.queues()).toEqual(['even']);
      expect(await contents(again, 'odd')).toEqual([]);
      expect(positions(await contents(again, 'even'))).toEqual([2, 4]);
      await again.close();
    });

    it('pages out and loads, in the order asked for, and forgets what was only paged at a restart', async () => {
      const { place, store } = await fresh();
      const queue = store.queue('q');
      const holds = new Holds();
      queue.append(entry(1), holds, 1);
      await holds.settled();
      queue.append(entry(4), null, 0);
      await queue.page([entry(1), entry(2), entry(3), entry(4)]);
      expect(await queue.load([3, 1, 2, 9])).toEqual([entry(3), entry(1), entry(2)]);
      queue.remove(2);
      expect(await queue.load([1, 2, 3, 4])).toEqual([entry(1), entry(3), entry(4)]);
      const again = await reopen(place, store);
      expect(positions(await contents(again, 'q'))).toEqual([1, 4]);
      await again.close();
    });

    it('says what it has without reading it', async () => {
      const { place, store } = await fresh();
      const queue = store.queue('q');
      const never = { ...entry(3, 'three'), expiresAt: Number.POSITIVE_INFINITY };
      queue.append(never, null, 0);
      queue.append({ ...entry(2, 'two'), expiresAt: Number.POSITIVE_INFINITY }, null, 0);
      expect(queue.stored()).toMatchObject({ persistent: 2, persistentBytes: 8, expires: false });
      await queue.page([entry(5, 'five!')]);
      expect([...queue.stored().positions]).toEqual([2, 3, 5]);
      expect([...queue.stored().bodyLengths]).toEqual([3, 5, 5]);
      expect(queue.stored()).toMatchObject({ persistent: 2, persistentBytes: 8, expires: true });
      const again = await reopen(place, store);
      expect([...again.queue('q').stored().positions]).toEqual([2, 3]);
      expect(again.queue('q').stored()).toMatchObject({ persistent: 2, persistentBytes: 8, expires: false });
      await again.close();
    });

    it('pages what was delivered as delivered', async () => {
      const { store } = await fresh();
      const queue = store.queue('q');
      await queue.page([entry(1), entry(2)]);
      queue.delivered(2);
      expect((await queue.load([1, 2])).map(({ redelivered }) => redelivered)).toEqual([false, true]);
      await store.close();
    });

    it('says after an orderly end that it was one', async () => {
      const { place, store } = await fresh();
      store.queue('q').append(entry(1), null, 0);
      await store.close();
      const again = await place.open();
      await again.close();
    });
  });
}
