/** Lazy queues and queues of version 2 are queues like any other to their clients. */
import { ack, get, inTurn, nack, queue, reject, type Step, to } from '../steps.js';
import { twins } from '../twin.js';

const kinds: Record<string, Record<string, unknown>> = {
  'lazy queue': { 'x-queue-mode': 'lazy' },
  'queue of version 2': { 'x-queue-version': 2 },
  'lazy queue of version 2': { 'x-queue-version': 2, 'x-queue-mode': 'lazy' },
  'lazy queue with priorities': { 'x-max-priority': 4, 'x-queue-mode': 'lazy' },
  'single active consumer': { 'x-single-active-consumer': true, 'x-queue-version': 2 },
};
const dead = { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'dead' };
const four: Step[] = ['one', 'two', 'three', 'four'].map((body, index) =>
  to('q', body, { deliveryMode: 1 + (index % 2), priority: index % 3 }),
);

twins('settling messages of a', {
  ...Object.fromEntries(
    Object.entries(kinds).map(([kind, args]) => [
      kind,
      inTurn(
        queue('q', args),
        ...four,
        get('q', false),
        get('q', false),
        get('q', false),
        nack(2, { requeue: true }),
        ack(1),
        reject(3, true),
        get('q'),
        get('q'),
        get('q'),
        get('q'),
      ),
    ]),
  ),
});

twins('limits, time to live and dead letters of a', {
  ...Object.fromEntries(
    Object.entries(kinds).map(([kind, args]) => [
      kind,
      inTurn(
        queue('dead'),
        queue('q', { ...args, ...dead, 'x-max-length': 2 }),
        ['ConfirmSelect'],
        ...four.flatMap((step): Step[] => [step, ['awaits BasicAck']]),
        ['QueueDeclare', { queue: 'q', passive: true }],
        to('q', 'not for long', { expiration: '0' }),
        ['awaits BasicAck'],
        ['QueuePurge', { queue: 'q' }],
        ['QueueDelete', { queue: 'dead' }],
      ),
    ]),
  ),
});
