/** The definitions of the cluster or of one virtual host, out and in. */

import { exportAll, exportVhost } from '../../core/definitions/export.js';
import { importAll, importVhost } from '../../core/definitions/import.js';
import { OperationRefused } from '../../core/metadata/operation.js';
import { AmqpError } from '../../protocol/amqp-error.js';
import type { Api } from '../api.js';
import { vhostExists } from '../api.js';
import type { Call } from '../http/call.js';
import { columnsOf, pick } from '../http/columns.js';
import { badRequest, type Refusal } from '../http/refusal.js';
import type { Resource } from '../http/resource.js';

export function definitionResources(api: Api): Resource[] {
  const access = api.access.administrator;
  const whole: Resource = {
    path: '/api/definitions',
    access,
    get: (call) => pick(exportAll(api.admin.tables, product(api)), columnsOf(call)),
    post: async (call) => {
      await importing(() => importAll(api.admin, definitionsOf(call)));
      return { status: 204 };
    },
  };
  return [
    whole,
    { ...whole, path: '/api/all-configuration' },
    {
      path: '/api/definitions/:vhost',
      access,
      get: (call) => {
        requireVhost(api, call);
        return pick(exportVhost(api.admin.tables, call.param('vhost')), columnsOf(call));
      },
      post: async (call) => {
        requireVhost(api, call);
        await importing(() => importVhost(api.admin, call.param('vhost'), definitionsOf(call)));
        return { status: 204 };
      },
    },
  ];
}

const product = (api: Api) => ({ name: 'Warren', version: api.facts().productVersion });

async function importing(perform: () => Promise<void>): Promise<void> {
  try {
    await perform();
  } catch (error) {
    if (error instanceof AmqpError) throw badRequest(error.message);
    if (!(error instanceof OperationRefused)) throw error;
    if (error.code === 'validation_failed') throw validationFailed(error.message);
    const { vhost, user } = error.details;
    if (error.code === 'no_such_vhost') throw badRequest(['no_such_vhost', vhost]);
    if (error.code === 'no_such_user') throw badRequest(['no_such_user', user]);
    throw badRequest(error.message);
  }
}

function validationFailed(problem: string): Refusal {
  const escaped = problem.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return badRequest(`Validation failed\n\n${escaped}`);
}

function requireVhost(api: Api, call: Call): void {
  if (!vhostExists(api)(call)) throw badRequest('vhost_not_found');
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
