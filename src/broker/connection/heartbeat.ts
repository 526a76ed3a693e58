/**
 * Heartbeats (AMQP 0-9-1, 4.2.7). Twice per interval: something is sent if nothing was since the last look, and
 * the far side is given up after two looks in a row at which nothing had come.
 */
import type { Clock } from '../core/ports.js';

export interface Pulse {
  received(): number;
  sent(): number;
  beat(): void;
  missed(): void;
  /** While we do not read, silence says nothing. */
  deaf(): boolean;
}

export function startHeartbeat(clock: Clock, seconds: number, pulse: Pulse): () => void {
  if (seconds === 0) return () => {};
  const half = (seconds * 1000) / 2;
  let received = pulse.received();
  let sent = pulse.sent();
  let silent = 0;
  let cancel = clock.after(half, look);
  function look(): void {
    cancel = clock.after(half, look);
    if (pulse.sent() === sent) pulse.beat();
    sent = pulse.sent();
    const now = pulse.received();
    silent = now === received && !pulse.deaf() ? silent + 1 : 0;
    received = now;
    if (silent < 2) return;
    cancel();
    pulse.missed();
  }
  return () => cancel();
}
