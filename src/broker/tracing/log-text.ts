/** A record as RabbitMQ's tracing plugin writes it into a log, as text or as a line of JSON. */
import { plainTable } from '../core/plain-table.js';
import { printTerm } from './erlang-print.js';
import { tableTerm, textsTerm } from './erlang-term.js';
import type { TraceRecord } from './trace-record.js';

export const logFormats = ['text', 'json'] as const;
export type LogFormat = (typeof logFormats)[number];

export function logText(format: LogFormat, record: TraceRecord, now: Date): Buffer {
  return format === 'json' ? asJson(record, now) : asText(record, now);
}

function asText(record: TraceRecord, now: Date): Buffer {
  const { queue, routedQueues } = record;
  const head = [
    '',
    '='.repeat(80),
    `${timestamp(now)}: Message ${record.type}`,
    '',
    `Node:         ${record.node}`,
    `Connection:   ${record.connection}`,
    `Virtual host: ${record.vhost}`,
    `User:         ${record.user}`,
    `Channel:      ${record.channel}`,
    `Exchange:     ${record.exchange}`,
  ];
  const terms = [
    ['Routing keys: ', printTerm(textsTerm(record.routingKeys), 14)],
    ...(routedQueues === null ? [] : [['Routed queues: ', printTerm(textsTerm(routedQueues), 15)]]),
    ['Properties:   ', printTerm(tableTerm(record.properties), 14)],
  ].map(([label, text]) => Buffer.from(`${label}${text}\n`, 'latin1'));
  if (queue !== null) terms.splice(1, 0, Buffer.from(`Queue:        ${queue}\n`));
  const opening = Buffer.from(`${head.join('\n')}\n`);
  return Buffer.concat([opening, ...terms, payloadLine, record.payload, lineEnd]);
}

const payloadLine = Buffer.from('Payload: \n');
const lineEnd = Buffer.from('\n');

function asJson(record: TraceRecord, now: Date): Buffer {
  const line = {
    channel: record.channel,
    connection: record.connection,
    exchange: record.exchange,
    node: record.node,
    payload: record.payload.toString('base64'),
    properties: plainTable(record.properties),
    queue: record.queue ?? 'none',
    routed_queues: record.routedQueues ?? 'none',
    routing_keys: record.routingKeys,
    timestamp: timestamp(now),
    type: record.type,
    user: record.user,
    vhost: record.vhost,
  };
  return Buffer.from(`${JSON.stringify(line)}\n`);
}

/** RFC 3339, in the machine's own time zone. */
function timestamp(now: Date): string {
  const offset = -now.getTimezoneOffset();
  const local = new Date(now.getTime() + offset * 60_000).toISOString().slice(0, -1);
  const two = (value: number) => String(Math.trunc(value)).padStart(2, '0');
  return `${local}${offset < 0 ? '-' : '+'}${two(Math.abs(offset) / 60)}:${two(Math.abs(offset) % 60)}`;
}
