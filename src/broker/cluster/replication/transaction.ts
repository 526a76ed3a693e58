/**
 * A transaction as it travels. Its sequence holds the epoch in which it was ordered: 2^32 × epoch + a count. An
 * epoch begins whenever another node begins to order changes, so of two logs the one with the higher sequence
 * is always the one that goes on.
 */
import { serialize } from 'node:v8';
import type { Change } from '../../core/metadata/rows.js';

export interface OrderedTransaction {
  sequence: number;
  /** Sequence of the one before it. */
  previous: number;
  changes: Change[];
  /** Who submitted it, unique: a second submission of the same is answered with the same result. */
  origin: string;
  result: unknown;
}

/** What the coordinator sends: its epoch, then the transaction. */
export interface TransactionFrame {
  epoch: number;
  transaction: OrderedTransaction;
}

export interface SnapshotFrame {
  epoch: number;
  sequence: number;
  changes: Change[];
  /** Results of recent transactions by origin. */
  outcomes: [string, unknown][];
}

const epochSize = 2 ** 32;

export const epochOf = (sequence: number): number => Math.floor(sequence / epochSize);

export function nextSequence(previous: number, epoch: number): number {
  return epochOf(previous) === epoch ? previous + 1 : epoch * epochSize + 1;
}

/** Serialized once for all who follow. */
export const encodeTransaction = (frame: TransactionFrame): Buffer => serialize(frame);
