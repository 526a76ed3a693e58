/** The rabbitmq_tracing plugin's part of the API: the traces of this node, or of the one in the path, and their logs. */
import { keys } from '../../core/metadata/rows.js';
import type { TraceFact } from '../../tracing/traces.js';
import type { TracingQuestions } from '../agent/tracing-questions.js';
import { type Api, vhostExists } from '../api.js';
import type { Call } from '../http/call.js';
import { columnsOf, type Item, pick } from '../http/columns.js';
import { list } from '../http/listing.js';
import { badRequest, notFound, Refusal } from '../http/refusal.js';
import type { Resource } from '../http/resource.js';
import { queueNamed } from './queues.js';

export function traceResources(api: Api): Resource[] {
  return withNode('/api/traces', [
    { path: '', access: access(api), get: (call) => traceList(api, call) },
    { path: '/:vhost', access: access(api), get: (call) => traceList(api, call) },
    {
      path: '/:vhost/:name',
      access: access(api),
      jsonOnly: true,
      withoutOptions: true,
      exists: async (call) => (await found(api, call)) !== null,
      get: async (call) => pick(await shown(api, (await found(api, call)) as TraceFact), columnsOf(call)),
      put: (call) => create(api, call),
      delete: async (call) => void (await ask(api, call, 'tracing.stop', named(call))),
    },
  ]);
}

export function traceFileResources(api: Api): Resource[] {
  return withNode('/api/trace-files', [
    {
      path: '',
      access: access(api),
      get: async (call) => list(call, (await ask(api, call, 'tracing.files', {})) as unknown as Item[]),
    },
    {
      path: '/:name',
      access: access(api),
      withoutOptions: true,
      exists: (call) => ask(api, call, 'tracing.file_exists', { name: call.param('name') }),
      text: (call) => fileText(api, call),
      delete: async (call) => {
        await ask(api, call, 'tracing.delete_file', { name: call.param('name') });
      },
    },
  ]);
}

/** Each also under `/node/:node`, which is tried first: `node` is no virtual host's name there. */
function withNode(base: string, resources: Resource[]): Resource[] {
  return ['/node/:node', ''].flatMap((of) =>
    resources.map((resource) => ({ ...resource, path: `${base}${of}${resource.path}` })),
  );
}

/** The routes are there only while the plugin runs. */
function access(api: Api) {
  return (call: Call): void => {
    if (!api.broker.plugins.has('rabbitmq_tracing')) throw notFound();
    api.access.administrator(call);
  };
}

async function traceList(api: Api, call: Call): Promise<unknown> {
  const facts = await ask(api, call, 'tracing.list', { vhost: call.vhost ?? null });
  return list(call, await Promise.all(facts.map((fact) => shown(api, fact))));
}

const found = (api: Api, call: Call) => ask(api, call, 'tracing.find', named(call));

const named = (call: Call) => ({ vhost: call.vhost ?? '', name: call.param('name') });

/** What was asked for, with the queue that the trace reads as /api/queues shows it. */
async function shown(api: Api, { vhost, name, definition, queue }: TraceFact): Promise<Item> {
  const row = queue === null ? undefined : api.admin.tables.get('queues', keys.queue(vhost, queue));
  return { ...(row === undefined ? {} : { queue: await queueNamed(api, row) }), vhost, name, ...definition };
}

async function create(api: Api, call: Call): Promise<boolean> {
  if (call.text === '' && call.header('content-type') === undefined) throw new Refusal(415, null);
  const missing = ['format', 'pattern'].filter((key) => call.json[key] === undefined);
  if (missing.length > 0) throw badRequest(`[${missing.map((key) => `{key_missing,${key}}`).join(',')}]`);
  if (!vhostExists(api)(call)) throw notFound();
  const { vhost: _vhost, name: _name, queue: _queue, ...definition } = call.json;
  const refusal = await ask(api, call, 'tracing.create', { ...named(call), definition });
  if (refusal !== null) throw badRequest(refusal);
  return true;
}

async function fileText(api: Api, call: Call): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for (let from = 0; ; ) {
    const name = call.param('name');
    const piece = Buffer.from(await ask(api, call, 'tracing.file_piece', { name, from }), 'base64');
    if (piece.length === 0) return Buffer.concat(pieces);
    pieces.push(piece);
    from += piece.length;
  }
}

async function ask<Q extends keyof TracingQuestions>(
  { nodes }: Api,
  call: Call,
  question: Q,
  args: TracingQuestions[Q][0],
): Promise<TracingQuestions[Q][1]> {
  const node = call.param('node') || nodes.self;
  if (!nodes.running().includes(node)) throw unreachable(node, '{badrpc,nodedown}');
  try {
    return (await nodes.one(node, question, args)) as TracingQuestions[Q][1];
  } catch (error) {
    if (node === nodes.self) throw error;
    throw unreachable(node, (error as Error).message);
  }
}

const unreachable = (node: string, why: string) => badRequest(`Node ${node} could not be contacted: ${why}`);
