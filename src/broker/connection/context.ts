import type { NodeConfig } from '../config/node-config.js';
import type { Broker } from '../core/broker-port.js';
import type { Clock, Logger } from '../core/ports.js';
import type { FieldTable } from '../protocol/field-table.js';
import type { FlushLoop } from './flush-loop.js';
import type { Replies } from './replies.js';

/** What all connections of a listener share. */
export interface ConnectionContext {
  readonly broker: Broker;
  readonly config: NodeConfig;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly flushLoop: FlushLoop;
  readonly replies: Replies;
  /** Of the connection itself (`part` 0) or of one of its channels; unique in the cluster. */
  pidOf(serial: number, part: number): string;
  serverProperties(): FieldTable;
}
