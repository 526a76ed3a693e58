import { nearest } from '../../errors/suggestion.js';
import type { WrittenFile } from '../schema.js';
import type { Findings } from './findings.js';
import { Notebook } from './notebook.js';

/** Those that every vhost has. */
const standardExchanges = ['direct', 'fanout', 'headers', 'match', 'rabbitmq.trace', 'topic'].map(
  (name) => `amq.${name}`,
);

/** Exchanges, queues, bindings, parameters. */
export function topologyFindings(file: WrittenFile): Findings {
  const book = new Notebook();
  for (const [kind, section] of [
    ['exchange', 'exchanges'],
    ['queue', 'queues'],
  ] as const) {
    book.refuseTwice<{ name: string; vhost: string }>(file[section], ({ name, vhost }, index) => ({
      path: [section, index],
      key: [name, vhost],
      what: `${kind} ${name} of vhost ${vhost}`,
    }));
    for (const [index, { name }] of file[section].entries()) {
      // AMQP 0-9-1, exchange.declare and queue.declare, rule "reserved".
      if (!name.startsWith('amq.')) continue;
      book.error(
        [section, index, 'name'],
        `${name}: names that begin with amq. are the broker's`,
        'choose another',
      );
    }
  }
  book.refuseTwice(file.parameters, ({ component, name, vhost }, index) => ({
    path: ['parameters', index],
    key: [component, name, vhost],
    what: `${component} ${name} of vhost ${vhost}`,
  }));
  queueTypes(file, book);
  bindings(file, book);
  return book;
}

function queueTypes(file: WrittenFile, book: Notebook): void {
  for (const [index, queue] of file.queues.entries()) {
    const path = ['queues', index];
    const inTable = queue.arguments['x-queue-type'];
    if (inTable !== undefined && queue.type !== undefined && inTable !== queue.type) {
      const message = `queue ${queue.name} has type ${queue.type} and x-queue-type ${String(inTable)}`;
      book.error([...path, 'arguments', 'x-queue-type'], message, 'take one of the two out');
    }
    const type = queue.type ?? inTable;
    if ((type === 'quorum' || type === 'stream') && (!queue.durable || queue.auto_delete)) {
      const wrong = queue.durable ? 'auto_delete' : 'durable';
      const message = `queue ${queue.name} is a ${type}: it is always durable and never deletes itself`;
      book.error([...path, wrong], message, `take ${wrong} out`);
    }
  }
}

function bindings(file: WrittenFile, book: Notebook): void {
  const names = (section: 'exchanges' | 'queues', vhost: string) =>
    (file[section] as readonly { name: string; vhost: string }[])
      .filter((one) => one.vhost === vhost)
      .map(({ name }) => name);
  const unknown = (kind: 'exchange' | 'queue', name: string, vhost: string, path: (string | number)[]) => {
    const known = [...names(`${kind}s`, vhost), ...(kind === 'exchange' ? standardExchanges : [])];
    if (known.includes(name)) return;
    const near = nearest(name, known);
    book.error(
      path,
      `there is no ${kind} ${name} of vhost ${vhost} in this file`,
      near ? `did you mean '${near}'?` : `add it under ${kind}s`,
    );
  };
  for (const [index, binding] of file.bindings.entries()) {
    const { source, destination, destination_type, vhost } = binding;
    unknown('exchange', source, vhost, ['bindings', index, 'source']);
    unknown(destination_type, destination, vhost, ['bindings', index, 'destination']);
  }
  book.refuseTwice(file.bindings, (binding, index) => ({
    path: ['bindings', index],
    key: binding,
    what: `the binding of ${binding.destination} to ${binding.source}`,
  }));
}
