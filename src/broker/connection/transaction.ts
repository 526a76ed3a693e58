/**
 * What a transactional channel holds back until tx.commit: publishes (routed when they arrived, as RabbitMQ does)
 * and the settling of deliveries. Rollback forgets the publishes and gives the deliveries back to the channel.
 */
import type { Message } from '../core/message.js';
import type { Consumer, Queue } from '../core/queue-port.js';

export type Settlement = 'acknowledge' | 'requeue' | 'reject';

export interface HeldPublish {
  message: Message;
  queues: readonly Queue[];
  mandatory: boolean;
}

export interface HeldSettlement {
  settlement: Settlement;
  tag: number;
  consumer: Consumer;
  queue: Queue;
  position: number;
}

export class Transaction {
  publishes: HeldPublish[] = [];
  settlements: HeldSettlement[] = [];
  /** Between tx.commit and commit-ok. */
  committing = false;

  publish(message: Message, queues: readonly Queue[], mandatory: boolean): void {
    this.publishes.push({ message, queues: queues.slice(), mandatory });
  }

  settle(settlement: Settlement, consumer: Consumer, queue: Queue, position: number, tag: number): void {
    this.settlements.push({ settlement, tag, consumer, queue, position });
  }

  /** Takes everything out and starts anew. */
  take(): { publishes: HeldPublish[]; settlements: HeldSettlement[] } {
    const { publishes, settlements } = this;
    this.publishes = [];
    this.settlements = [];
    return { publishes, settlements };
  }
}
