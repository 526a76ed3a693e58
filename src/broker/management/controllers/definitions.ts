/** The definitions of the cluster or of one virtual host, out and in. */

import { exportDefinitions, importDefinitions } from '../../core/definitions.js';
import { OperationRefused } from '../../core/metadata/operation.js';
import { AmqpError } from '../../protocol/amqp-error.js';
import type { Api } from '../api.js';
import { requireVhost, vhostExists } from '../api.js';
import type { Call } from '../http/call.js';
import { columnsOf, pick } from '../http/columns.js';
import { badRequest, type Refusal } from '../http/refusal.js';
import type { Resource } from '../http/resource.js';

export function definitionResources(api: Api): Resource[] {
  const access = api.access.administrator;
  const whole: Resource = {
    path: '/api/definitions',
    access,
    jsonOnly: true,
    get: (call) => pick(exported(api, null), columnsOf(call)),
    post: async (call) => {
      await imported(api, definitionsOf(call), null);
      return { status: 204 };
    },
  };
  return [
    whole,
    { ...whole, path: '/api/all-configuration' },
    {
      path: '/api/definitions/:vhost',
      access,
      jsonOnly: true,
      get: (call) => {
        if (!vhostExists(api)(call)) throw badRequest('vhost_not_found');
        return pick(exported(api, call.param('vhost')), columnsOf(call));
      },
      post: async (call) => {
        requireVhost(api, call);
        await imported(api, definitionsOf(call), call.param('vhost'));
        return { status: 204 };
      },
    },
  ];
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

/** The body, or the field named `file` of a form that a browser sent. */
function definitionsOf(call: Call): Record<string, unknown> {
  const boundary = /^multipart\/form-data;.*boundary="?([^";]+)/i.exec(
    call.header('content-type') ?? '',
  )?.[1];
  const text = boundary === undefined ? call.text : fileOf(call.text, boundary);
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as Record<string, unknown>;
    }
  } catch {
    // Refused below, as every body that is not an object.
  }
  throw badRequest('failed_to_parse_json');
}

function fileOf(text: string, boundary: string): string {
  for (const part of text.split(`--${boundary}`)) {
    const [head, ...body] = part.split('\r\n\r\n');
    if (/name="?file"?/.test(head ?? '')) return body.join('\r\n\r\n').replace(/\r\n$/, '');
  }
  return '';
}
