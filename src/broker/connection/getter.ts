import type { ChannelIdentity, Consumer } from '../core/queue-port.js';

/** Whom a message taken by basic.get belongs to until it is settled: a consumer without a tag. */
export class Getter implements Consumer {
  readonly tag = '';
  readonly exclusive = false;
  readonly priority = 0;
  readonly prefetch = 0;
  readonly arguments = [];
  readonly ready = false;

  constructor(
    readonly channel: ChannelIdentity,
    readonly noAck: boolean,
  ) {}

  deliver(): void {}
  cancelled(): void {}
}
