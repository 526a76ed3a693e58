import { Call } from '../../../../src/broker/management/http/call.js';

/** A call as the router makes it, out of its query and body. */
export function asked(query: string, text = ''): Call {
  return new Call({
    principal: { user: 'guest', tags: ['administrator'] },
    method: 'GET',
    path: '/api/things',
    peer: '127.0.0.1',
    params: {},
    query: new URLSearchParams(query),
    header: () => undefined,
    text,
    switches: new Set(),
  });
}
