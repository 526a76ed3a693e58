/** What management asks the other nodes, and what they answer. Everything crosses the links: plain data. */
import type { Principal, QueueDeclaration } from '../../core/broker-port.js';
import type { LoginCounters } from '../../core/counters.js';
import type { Item } from '../http/columns.js';
import type { Counts } from '../statistics/message-stats.js';
import type { Ranges } from '../statistics/range.js';
import type { TracingQuestions } from './tracing-questions.js';

/** A queue or an exchange by its full name. */
export type Name = [vhost: string, name: string];

export interface Questions extends TracingQuestions {
  /** Of the queues named, those that the node leads; null = all that it leads. */
  'management.queues': [{ names: Name[] | null; consumers: boolean; ranges: Ranges }, Item[]];
  /** One figure (`queueFigures`) of every queue that the node leads. */
  'management.queue_figures': [{ key: string }, QueueFigures[]];
  /** How many there are on the node: of each user, and of consumers. */
  'management.totals': [Record<string, never>, NodeTotals];
  /** Of a queue that the node leads. */
  'management.synchronise': [{ vhost: string; name: string }, boolean];
  /** Declares a queue with the node as its leader. */
  'management.declare_queue': [DeclareThere, Refused | null];
  'management.exchanges': [Ranges, ExchangeCounts[]];
  'management.connections': [Ranges, Item[]];
  'management.channels': [Ranges, Item[]];
  /** Closes connections of the node, by name; answers how many there were. */
  'management.close': [{ names: string[]; reason: string }, number];
  'management.vhosts': [Ranges, VhostCounts[]];
  'management.tracing': [{ vhost: string; on: boolean }, null];
  'management.node': [Ranges, Item];
  'management.memory': [Record<string, never>, { absolute: Item; relative: Item }];
  'management.listeners': [Record<string, never>, NodeListeners];
  'management.consumers': [Record<string, never>, Item[]];
  'management.attempts': [{ reset: boolean }, ({ protocol: string } & LoginCounters)[]];
  'management.alarms': [Record<string, never>, { node: string; resource: string }[]];
}

export type Question = keyof Questions & string;

/** Of a virtual host: the queues' names, and their figures in the same order. */
export interface QueueFigures {
  vhost: string;
  names: string[];
  values: number[];
}

export interface ExchangeCounts {
  name: Name;
  counts: Counts;
}

/** One node's part in a virtual host. */
export interface VhostCounts {
  vhost: string;
  tracing: boolean;
  messages: Counts;
  lengths: Counts;
  octets: Counts;
}

interface NodeListeners {
  listeners: Item[];
  contexts: Item[];
}

export interface NodeTotals {
  connections: Record<string, number>;
  channels: Record<string, number>;
  consumers: number;
  churn: Counts;
}

export interface DeclareThere {
  vhost: string;
  declaration: QueueDeclaration;
  principal: Principal;
}

/** A refusal as it crosses the links. */
export interface Refused {
  status: number;
  body: Record<string, unknown> | null;
}
