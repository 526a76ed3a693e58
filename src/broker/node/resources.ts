import { statfsSync } from 'node:fs';
import type { NodeConfig } from '../config/node-config.js';
import type { Alarms } from '../core/alarms.js';
import type { Clock, Logger } from '../core/ports.js';
import { residentMemory, totalMemory } from './memory.js';

/**
 * RabbitMQ's own pace: memory every 2.5 s (vm_memory_monitor); disk every 10 s at most, and the more often the
 * less is left, for a disk that fills with 250 MB a second (rabbit_disk_monitor).
 */
const memoryInterval = 2500;
const longestDiskInterval = 10_000;
const shortestDiskInterval = 100;
const fillingRate = 250_000;

/** Whom to tell. */
export interface ResourceListener {
  /** An alarm of this node was raised or cleared. */
  alarms(): void;
  /** Called at each look at the memory. */
  shortOfMemory(short: boolean): void;
}

/**
 * Watches this node's memory and the disk below its data, and raises or clears the two alarms that block
 * publishers. A watermark may be changed while it runs; it is looked at anew at once.
 */
export class Resources {
  memoryWatermark: NodeConfig['memoryHighWatermark'];
  diskLimit: NodeConfig['diskFreeLimit'];
  readonly #stops: (() => void)[] = [];
  #storeFailure: Error | null = null;

  constructor(
    private readonly config: NodeConfig,
    private readonly alarms: Alarms,
    private readonly clock: Clock,
    private readonly logger: Logger,
    private readonly listener: ResourceListener,
  ) {
    this.memoryWatermark = config.memoryHighWatermark;
    this.diskLimit = config.diskFreeLimit;
  }

  start(): void {
    this.#repeat(() => {
      this.checkMemory();
      return memoryInterval;
    });
    this.#repeat(() => this.checkDisk());
  }

  stop(): void {
    for (const stop of this.#stops.splice(0)) stop();
  }

  /** Bytes at which the memory alarm is raised. */
  get memoryLimit(): number {
    return 'bytes' in this.memoryWatermark
      ? this.memoryWatermark.bytes
      : Math.floor(totalMemory() * this.memoryWatermark.relative);
  }

  /** Bytes that must stay free on the disk. */
  get diskFreeLimit(): number {
    return 'bytes' in this.diskLimit
      ? this.diskLimit.bytes
      : Math.floor(totalMemory() * this.diskLimit.relative);
  }

  get diskFree(): number {
    const { bavail, bsize } = statfsSync(this.config.directories.mnesia);
    return bavail * bsize;
  }

  checkMemory(): void {
    const used = residentMemory();
    this.listener.shortOfMemory(used > this.memoryLimit * this.config.memoryPagingRatio);
    this.#alarm('memory', used > this.memoryLimit, `Memory used: ${used}, allowed: ${this.memoryLimit}`);
  }

  /** Answers the milliseconds after which to look again. */
  checkDisk(): number {
    const free = this.diskFree;
    const figures = `Free bytes: ${free}, limit: ${this.diskFreeLimit}`;
    const failure = this.#storeFailure === null ? '' : `; writing failed: ${this.#storeFailure.message}`;
    const alarm = free < this.diskFreeLimit || failure !== '';
    this.#alarm('disk', alarm, figures + failure);
    if (alarm) return longestDiskInterval;
    const left = (2 * (free - this.diskFreeLimit)) / fillingRate;
    return Math.trunc(Math.max(shortestDiskInterval, Math.min(longestDiskInterval, left)));
  }

  /** The message store cannot write, whatever the free space says: publishers wait as for a full disk. */
  storeFailed(error: Error): void {
    this.#storeFailure = error;
    this.checkDisk();
  }

  storeRecovered(): void {
    this.#storeFailure = null;
    this.checkDisk();
  }

  #alarm(resource: 'memory' | 'disk', over: boolean, figures: string): void {
    const node = this.config.nodeName;
    if (over === this.alarms.isSet(node, resource)) return;
    const alarm = { node, resource };
    if (over) {
      this.alarms.set(alarm);
      this.logger.warning(
        `${resource} resource limit alarm set on node '${node}'. ${figures}. ` +
          '*** Publishers will be blocked until this alarm clears ***',
      );
    } else {
      this.alarms.clear(alarm);
      this.logger.warning(`${resource} resource limit alarm cleared on node '${node}'. ${figures}`);
    }
    this.listener.alarms();
  }

  /** `check` answers when to check again. */
  #repeat(check: () => number): void {
    const index = this.#stops.length;
    const run = () => {
      this.#stops[index] = this.clock.after(check(), run);
    };
    run();
  }
}
