/** How paths are read, before it is known what they lead to: the same status for each, and the same answer. */
import { connect } from 'node:net';
import { expect, inject, it } from 'vitest';

const twins = inject('twins');

const targets = [
  '/api/whoami',
  '/api/whoami/',
  '/api/whoami//',
  '//api/whoami',
  '/api//whoami',
  '/api/./whoami',
  '/api/nothing/../whoami',
  '/../../api/whoami',
  '/api/%77hoami',
  '/API/whoami',
  '/api/whoami?a=%ZZ',
  '/api/whoami#fragment',
  '/api/vhosts/%2F/permissions',
  '/api/vhosts/%2f/permissions/',
  '/api/vhosts/%252F',
  '/api/vhosts/%ZZ',
  '/api/vhosts/%',
  '/api/vhosts/%FF',
  '/api/vhosts/+',
  '/api/vhosts/a/b/c/d',
  '/api/vhosts/..%2F',
  '/api/vhosts/%2E%2E/whoami',
  '/api/users/guest;a=b',
  'http://localhost/api/whoami',
  'http://localhost/api/whoami?columns=name',
  '/api/nothing',
  '/nothing',
  '/mgmt',
  '/api',
  '/api/',
];

it.skipIf(!twins)('a path is read as RabbitMQ reads it', async () => {
  const answers = async (port: number) => {
    const told: string[] = [];
    for (const target of targets) told.push(`${target} -> ${await get(port, target)}`);
    return told;
  };
  const [ours, theirs] = await Promise.all(
    [twins!.bundled, twins!.rabbitmq].map(({ ports }) => answers(ports.management)),
  );
  expect(ours).toEqual(theirs);
});

/** As it stands: an HTTP client would tidy the target up first. */
function get(port: number, target: string): Promise<string> {
  const credentials = Buffer.from('guest:guest').toString('base64');
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect(port, '127.0.0.1', () =>
      socket.write(
        `GET ${target} HTTP/1.1\r\nhost: localhost\r\nauthorization: Basic ${credentials}\r\nconnection: close\r\n\r\n`,
      ),
    );
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      text += chunk;
    });
    socket.on('error', reject);
    socket.on('close', () => {
      const status = text.slice(9, 12);
      resolve(`${status} ${status === '200' || status.startsWith('4') ? bodyOf(text) : ''}`);
    });
  });
}

function bodyOf(text: string): string {
  const body = text.slice(text.indexOf('\r\n\r\n') + 4).replace(/^[0-9a-f]+\r\n|\r\n0\r\n\r\n$/g, '');
  // The page that RabbitMQ gives out is not Warren's.
  return body.startsWith('<') ? 'page' : inOrder(body);
}

/** Keys of an object have no order. */
const inOrder = (body: string) =>
  body.replace(/\{.*?\}/g, (fields) =>
    fields
      .slice(1, -1)
      .split(/,(?=")/)
      .sort()
      .join(),
  );
