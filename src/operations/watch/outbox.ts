import { reportOf } from '../../errors/warren-error.js';
import type { Notification } from '../../watch/alerts/notification.js';

/**
 * What is still to be told, and to whom. It is part of the monitor's state: put
 * down before anybody is told, and taken out when the receiver has taken it. So
 * nothing is lost by a crash, and what was being sent in that very moment is sent
 * once more, under the same id. A receiver that fails is tried again, later and
 * later; what is a day old is no news any more.
 */
export interface Delivery {
  readonly receiver: string;
  readonly notification: Notification;
  readonly tries: number;
  readonly notBefore: number;
}

const firstPauseMs = 5_000;
const longestPauseMs = 300_000;
const oldMs = 86_400_000;

export interface Failure {
  readonly receiver: string;
  readonly reason: string;
  readonly given: 'again' | 'up';
}

/** Tries what is due, each receiver in order and all side by side; answers with what is left. */
export async function deliver(
  outbox: readonly Delivery[],
  ways: ReadonlyMap<string, (notification: Notification) => Promise<void>>,
  now: () => number,
): Promise<{ readonly left: readonly Delivery[]; readonly failures: readonly Failure[] }> {
  const failures: Failure[] = [];
  const left = new Map<Delivery, Delivery>();
  const receivers = [...new Set(outbox.map(({ receiver }) => receiver))];
  await Promise.all(
    receivers.map(async (receiver) => {
      const way = ways.get(receiver);
      let blocked = false;
      for (const delivery of outbox.filter((one) => one.receiver === receiver)) {
        // One that was taken out of the file is told nothing any more.
        if (!way) continue;
        if (blocked || delivery.notBefore > now()) {
          blocked = true;
          left.set(delivery, delivery);
          continue;
        }
        try {
          await way(delivery.notification);
        } catch (error) {
          const old = now() - Date.parse(delivery.notification.at) > oldMs;
          failures.push({ receiver, reason: reasonOf(error), given: old ? 'up' : 'again' });
          if (old) continue;
          blocked = true;
          left.set(delivery, later(delivery, now()));
        }
      }
    }),
  );
  return { left: outbox.flatMap((one) => left.get(one) ?? []), failures };
}

function later(delivery: Delivery, now: number): Delivery {
  const pause = Math.min(longestPauseMs, firstPauseMs * 2 ** delivery.tries);
  return { ...delivery, tries: delivery.tries + 1, notBefore: now + pause };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : reportOf(error).message;
}
