import type { FileBinding, FileExchange, FileQueue } from '../../cluster-file/objects.js';
import { segment } from '../../drivers/management-api/client.js';
import { WarrenError } from '../../errors/warren-error.js';
import { type ObjectChange, put, sameJson } from './change.js';
import type { Found, Row } from './definitions.js';
import type { WantedObjects } from './wanted.js';

/**
 * Exchanges, queues and bindings. They cannot be changed, only deleted and
 * made anew (AMQP 0-9-1 §1.4.2.3: a declaration must match what is there), and
 * with a queue go its messages: what differs is refused before anything is done.
 */
export function topologyChanges(wanted: WantedObjects, found: Found): ObjectChange[] {
  const { exchanges, queues, bindings } = found.definitions;
  return [
    ...wanted.exchanges.flatMap((one) => exchangeChange(one, exchanges)),
    ...wanted.queues.flatMap((one) => queueChange(one, queues)),
    ...wanted.bindings
      .filter((one) => !bindings.some((there) => sameJson(there, one)))
      .map((binding) => bindingChange(binding)),
  ];
}

function exchangeChange(exchange: FileExchange, found: readonly Row[]): ObjectChange[] {
  const { name, vhost, ...body } = exchange;
  const there = named(found, exchange);
  if (there) {
    refuseDifference('exchange', exchange, there, body);
    return [];
  }
  const path = `/exchanges/${segment(vhost)}/${segment(name)}`;
  return [put(`declare exchange ${name} in vhost ${vhost}`, path, () => body)];
}

function queueChange(queue: FileQueue, found: readonly Row[]): ObjectChange[] {
  const { name, vhost, type, arguments: own, ...flags } = queue;
  const table = type === undefined ? own : { 'x-queue-type': type, ...own };
  const body = { ...flags, arguments: table };
  const there = named(found, queue);
  if (there) {
    refuseDifference('queue', queue, withoutDefaultType(there, table), {
      ...body,
      arguments: withoutClassic(table),
    });
    return [];
  }
  const path = `/queues/${segment(vhost)}/${segment(name)}`;
  return [put(`declare queue ${name} in vhost ${vhost}`, path, () => body)];
}

/** The vhost's default type stands in the arguments of queues that were declared without one. */
function withoutDefaultType(there: Row, wanted: Row): Row {
  const { 'x-queue-type': type, ...table } = there.arguments as Row;
  const shown = wanted['x-queue-type'] === undefined ? table : { ...table, 'x-queue-type': type };
  return { ...there, arguments: withoutClassic(shown) };
}

/** Classic is what a queue is that says nothing. */
function withoutClassic(table: Row): Row {
  const { 'x-queue-type': type, ...rest } = table;
  return type === undefined || type === 'classic' ? rest : table;
}

function bindingChange(binding: FileBinding): ObjectChange {
  const { source, vhost, destination, destination_type, routing_key, arguments: table } = binding;
  const kind = destination_type === 'queue' ? 'q' : 'e';
  const key = routing_key === '' ? '' : ` for routing key ${routing_key}`;
  return {
    sentence: `bind ${destination_type} ${destination} to exchange ${source} in vhost ${vhost}${key}`,
    method: 'POST',
    path: `/bindings/${segment(vhost)}/e/${segment(source)}/${kind}/${segment(destination)}`,
    body: () => ({ routing_key, arguments: table }),
  };
}

function named(found: readonly Row[], { name, vhost }: { name: string; vhost: string }): Row | undefined {
  return found.find((there) => there.name === name && there.vhost === vhost);
}

function refuseDifference(
  kind: 'exchange' | 'queue',
  { name, vhost }: { name: string; vhost: string },
  there: Row,
  wanted: Row,
): void {
  const differences = Object.keys(wanted)
    .filter((key) => !sameJson(there[key], wanted[key]))
    .map(
      (key) => `it has ${key} ${JSON.stringify(there[key])}, the file says ${JSON.stringify(wanted[key])}`,
    );
  if (differences.length > 0) throw WarrenError.of('OBJECT_DIFFERS', { kind, name, vhost, differences });
}
