/** The definitions of the cluster or of one virtual host, out and in. */

import { exportDefinitions, importDefinitions } from '../../core/definitions.js';
import { OperationRefused } from '../../core/metadata/operation.js';
import { AmqpError } from '../../protocol/amqp-error.js';
import type { Api } from '../api.js';
import { requireVhost, vhostExists } from '../api.js';
import type { Call } from '../http/call.js';
import { columnsOf, pick } from '../http/columns.js';
import { badRequest, Refusal } from '../http/refusal.js';
import type { Posted, Resource } from '../http/resource.js';

export function definitionResources(api: Api): Resource[] {
  const common = {
    access: api.access.administrator,
    authInQuery: true,
    jsonOnly: true,
    headers: attachment,
  } satisfies Partial<Resource>;
  const whole: Resource = {
    ...common,
    path: '/api/definitions',
    get: (call) => pick(exported(api, null), columnsOf(call)),
    post: (call) => posted(api, call, null),
  };
  return [
    whole,
    { ...whole, path: '/api/all-configuration' },
    {
      ...common,
      path: '/api/definitions/:vhost',
      get: (call) => {
        if (!vhostExists(api)(call)) throw badRequest('vhost_not_found');
        return pick(exported(api, call.param('vhost')), columnsOf(call));
      },
      post: (call) => {
        requireVhost(api, call);
        return posted(api, call, call.param('vhost'));
      },
    },
  ];
}

/** `download=name`: a browser keeps it as a file of that name. */
function attachment(call: Call): Record<string, string> {
  const name = call.query('download');
  return name === undefined ? {} : { 'content-disposition': `attachment; filename=${inHeader(name)}` };
}

async function posted(api: Api, call: Call, vhost: string | null): Promise<Posted> {
  const { definitions, redirect } = await sent(call);
  await imported(api, definitions, vhost);
  return redirect === null ? { status: 204 } : { status: 303, headers: { location: inHeader(redirect) } };
}

type Definitions = Record<string, unknown>;

/** What stands in one virtual host does not name it there; policies do, as in RabbitMQ's answer. */
function exported({ admin, facts }: Api, vhost: string | null): Definitions {
  const all = exportDefinitions(admin.tables, vhost);
  if (vhost === null) {
    return { ...all, product_name: 'Warren', product_version: facts().productVersion };
  }
  const unnamed = ({ vhost: _vhost, ...row }: Definitions) => row;
  const sections = ['queues', 'exchanges', 'bindings'];
  return Object.fromEntries(
    Object.entries(all).map(([key, rows]) => [
      key,
      sections.includes(key) ? (rows as Definitions[]).map(unnamed) : rows,
    ]),
  );
}

async function imported({ admin }: Api, definitions: Definitions, vhost: string | null): Promise<void> {
  try {
    await importDefinitions(admin, admin.node, definitions, vhost);
  } catch (error) {
    if (error instanceof AmqpError) throw badRequest(error.message);
    if (!(error instanceof OperationRefused)) throw error;
    const { vhost, user, name } = error.details;
    if (error.code === 'validation_failed') {
      throw validationFailed(name === undefined ? error.message : `${error.message}\n (${vhost}/${name})`);
    }
    if (error.code === 'no_such_vhost') throw badRequest(['no_such_vhost', vhost]);
    if (error.code === 'no_such_user') throw badRequest(['no_such_user', user]);
    throw badRequest(error.message);
  }
}

function validationFailed(problem: string): Refusal {
  const escaped = problem.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return badRequest(`Validation failed\n\n${escaped}`);
}

/** The body, or the field `file` of a form that a browser sent; `redirect` is where it wants to go afterwards. */
async function sent(call: Call): Promise<{ definitions: Definitions; redirect: string | null }> {
  const type = call.header('content-type') ?? '';
  if (!/^multipart\/form-data\b/i.test(type)) return { definitions: parsed(call.text), redirect: null };
  const form = await new Response(call.text, { headers: { 'content-type': type } }).formData().catch(() => {
    throw new Refusal(400, null);
  });
  const part = async (name: string) => {
    const value = form.get(name);
    return typeof value === 'object' && value !== null ? value.text() : value;
  };
  return { definitions: parsed((await part('file')) ?? ''), redirect: await part('redirect') };
}

function parsed(text: string): Definitions {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Definitions;
  } catch {
    // Refused below, as every body that is not an object.
  }
  throw badRequest('failed_to_parse_json');
}

/** Nothing but what a header may hold. */
const inHeader = (text: string) => text.replace(/[^\x20-\x7e]/gu, '');
