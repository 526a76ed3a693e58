import { checkUser } from '../../cluster-file/front-end.js';
import type { DefinedParameter, DefinedUser, Definitions, Row } from '../../phases/objects/definitions.js';
import { wordsOf } from '../../phases/objects/vhost-changes.js';
import type { Gathered } from './gather.js';
import { withoutPasswords } from './passwords.js';

/** What the file holds under each key, and what could not be taken over as it is. */
export interface ImportedObjects {
  readonly sections: Readonly<Record<string, unknown>>;
  readonly notes: readonly string[];
}

/** The broker's objects in the words of a cluster file; what has its default there is left out. */
export function importedObjects(gathered: Gathered, passwordOf: (user: DefinedUser) => Row): ImportedObjects {
  const { definitions } = gathered;
  const { values: parameters, notes } = withoutPasswords(
    definitions.parameters.filter(
      ({ component }) => !['vhost-limits', 'operator_policy'].includes(component),
    ),
  );
  const { kept: bindings, left } = bindingsOf(gathered);
  const sections = {
    vhosts: vhostsOf(gathered),
    users: ownUsers(definitions).map((user) => userOf(user, gathered, passwordOf)),
    policies: definitions.policies.map((policy) =>
      without(named(policy), { vhost: '/', 'apply-to': 'all', priority: 0 }),
    ),
    operator_policies: definitions.parameters
      .filter(({ component }) => component === 'operator_policy')
      .map(({ name, vhost, value }) =>
        without({ name, vhost, ...(value as Row) }, { vhost: '/', 'apply-to': 'all', priority: 0 }),
      ),
    parameters: parameters.map(({ component, ...one }) =>
      without({ component, ...named(one) }, { vhost: '/' }),
    ),
    global_parameters: definitions.global_parameters.filter(
      ({ name }) => !['cluster_name', 'internal_cluster_id', 'cluster_tags'].includes(name),
    ),
    exchanges: definitions.exchanges.map((exchange) =>
      without(exchange, { ...declared, type: 'direct', internal: false }),
    ),
    queues: definitions.queues.map((queue) => without(queueOf(queue), declared)),
    bindings: bindings.map((binding) =>
      without(binding, { vhost: '/', destination_type: 'queue', routing_key: '', arguments: {} }),
    ),
  };
  const filled = Object.entries(sections).filter(([, rows]) => rows.length > 0);
  return { sections: Object.fromEntries(filled), notes: [...notes, ...left] };
}

/** All but guest, and but the one that an apply makes for the checks of HAProxy. */
export function ownUsers({ users, permissions }: Definitions): DefinedUser[] {
  const isWarrens = ({ name, tags }: DefinedUser) =>
    name === checkUser &&
    wordsOf(tags).join() === 'management' &&
    !permissions.some(({ user }) => user === name);
  return users.filter((user) => user.name !== 'guest' && !isWarrens(user));
}

const declared = { vhost: '/', durable: true, auto_delete: false, arguments: {} };

function vhostsOf({ definitions, vhosts }: Gathered): unknown[] {
  return vhosts.flatMap(({ name, description, tags, default_queue_type: type }) => {
    const limits = definitions.parameters.find(
      ({ component, vhost }) => component === 'vhost-limits' && vhost === name,
    )?.value;
    const row = without(
      {
        name,
        description: description ?? '',
        tags: wordsOf(tags),
        default_queue_type: type ?? 'undefined',
        limits: limits ?? {},
      },
      { description: '', tags: [], default_queue_type: 'undefined', limits: {} },
    );
    const plain = Object.keys(row).length === 1;
    // The first vhost is there anyway; RabbitMQ describes it so.
    if (name === '/' && (plain || row.description === 'Default virtual host')) return [];
    return [plain ? name : row];
  });
}

function userOf(user: DefinedUser, { definitions }: Gathered, passwordOf: (user: DefinedUser) => Row): Row {
  const { name, limits } = user;
  const own = (rows: readonly Row[], defaults: Row) =>
    rows.filter((row) => row.user === name).map(({ user: _, ...row }) => without(row, defaults));
  return without(
    {
      name,
      ...passwordOf(user),
      tags: wordsOf(user.tags),
      limits: limits ?? {},
      permissions: own(definitions.permissions, { configure: '.*', write: '.*', read: '.*' }),
      topic_permissions: own(definitions.topic_permissions, {
        exchange: 'amq.topic',
        write: '.*',
        read: '.*',
      }),
    },
    { tags: [], limits: {}, permissions: [], topic_permissions: [] },
  );
}

function queueOf(queue: Row): Row {
  const { 'x-queue-type': type, ...table } = queue.arguments as Row;
  const { arguments: _, ...rest } = queue;
  return { ...rest, ...(type === undefined ? {} : { type }), arguments: table };
}

/** A queue of one connection is not exported, and so its bindings cannot be either. */
function bindingsOf({ definitions }: Gathered): { kept: readonly Row[]; left: readonly string[] } {
  const { queues, exchanges, bindings } = definitions;
  const there = ({ destination, destination_type, vhost }: Row) =>
    String(destination).startsWith('amq.') && destination_type === 'exchange'
      ? true
      : (destination_type === 'queue' ? queues : exchanges).some(
          (one) => one.name === destination && one.vhost === vhost,
        );
  const kept = bindings.filter(there);
  const count = bindings.length - kept.length;
  const left = count === 0 ? [] : [`${count} bindings of temporary queues are left out`];
  return { kept, left };
}

/** With what tells it from others before the rest. */
function named(row: Row | Omit<DefinedParameter, 'component'>): Row {
  const { name, vhost, ...rest } = row as Row;
  return { name, vhost, ...rest };
}

function without(row: Row, defaults: Row): Row {
  const text = (value: unknown) => JSON.stringify(value);
  return Object.fromEntries(
    Object.entries(row).filter(([key, value]) => !(key in defaults && text(value) === text(defaults[key]))),
  );
}
