/** What one client can make the node hold: bodies, and requests that do not end. The others are served again after. */
import { once } from 'node:events';
import { type ClientRequest, request } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { defaultHttp } from '../../../../src/broker/config/http-settings.js';
import { type Stage, stage } from '../stage.js';

const largest = 1000;
const headers = { authorization: `Basic ${btoa('guest:guest')}`, 'content-type': 'application/json' };
let at: Stage;

beforeAll(async () => {
  at = await stage([], { ...defaultHttp(), maxBodySize: largest });
});
afterAll(() => at.close());

it('refuses a body that is too large before it is whole', async () => {
  expect(await unfinished(largest + 1).status).toBe(413);
  await servesAgain();
});

it('refuses what is too much with the bodies that others have begun', async () => {
  const begun = Array.from({ length: 6 }, () => unfinished(largest * 0.9));
  const refused = await Promise.race(begun.map(({ status }) => status));
  expect(refused).toBe(503);
  for (const { outgoing } of begun) outgoing.destroy();
  await servesAgain();
  const large = unfinished(largest * 0.9);
  large.outgoing.end();
  expect(await large.status).toBe(400);
});

it('turns away more requests than it works on at a time', async () => {
  const begun = Array.from({ length: 257 }, () => unfinished(1));
  expect(await Promise.race(begun.map(({ status }) => status))).toBe(503);
  for (const { outgoing } of begun) outgoing.destroy();
  await servesAgain();
});

/** A request whose body does not end. */
function unfinished(bytes: number): { outgoing: ClientRequest; status: Promise<number> } {
  const options = { port: at.port, host: '127.0.0.1', method: 'POST', path: '/api/definitions', headers };
  const outgoing = request({ ...options, agent: false });
  outgoing.on('error', () => {});
  outgoing.write('x'.repeat(bytes));
  const status = once(outgoing, 'response').then(([response]) => {
    response.resume();
    return response.statusCode as number;
  });
  status.catch(() => {});
  return { outgoing, status };
}

async function servesAgain(): Promise<void> {
  let status = 503;
  while (status === 503) status = (await fetch(`http://127.0.0.1:${at.port}/api/whoami`, { headers })).status;
  expect(status).toBe(200);
}
