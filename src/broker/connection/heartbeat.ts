/**
 * Heartbeats (AMQP 0-9-1, 4.2.7) at RabbitMQ's pace (rabbit_heartbeat): twice per interval something is sent if nothing
 * was since the last look; once per interval is looked whether something came, and after two looks in a row at which
 * nothing had come the far side is given up, which is two to three intervals after it was last heard.
 */
import type { Clock } from '../core/ports.js';
import { heartbeatFrame } from '../protocol/frame.js';

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
  let received = 0;
  let sent = 0;
  let silent = 0;
  let looks = 0;
  let cancel = clock.after(half, look);
  function look(): void {
    cancel = clock.after(half, look);
    const idle = pulse.sent() === sent;
    // What is sent now is counted when it is flushed.
    sent = pulse.sent() + (idle ? heartbeatFrame.length : 0);
    if (idle) pulse.beat();
    looks += 1;
    if (looks % 2 === 0) listen();
  }
  function listen(): void {
    const now = pulse.received();
    silent = now === received && !pulse.deaf() ? silent + 1 : 0;
    received = now;
    if (silent < 2) return;
    cancel();
    pulse.missed();
  }
  return () => cancel();
}
