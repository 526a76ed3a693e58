import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { answersAmqp } from '../../src/drivers/amqp/greeting.js';

let server: Server | undefined;
afterEach(() => server?.close());

async function listening(onSocket: (socket: Socket) => void): Promise<number> {
  server = createServer(onSocket);
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

const dial = (port: number) => async () => connect(port, '127.0.0.1');

test('a broker answers the header', async () => {
  const port = await listening((socket) => socket.on('data', () => socket.end(Buffer.from([1, 0, 0]))));
  expect(await answersAmqp(dial(port), 2_000)).toBe(true);
});

test('one that accepts and says nothing does not, nor one that hangs up, nor nobody', async () => {
  const sockets: Socket[] = [];
  const silent = await listening((socket) => sockets.push(socket));
  expect(await answersAmqp(dial(silent), 50)).toBe(false);
  for (const socket of sockets) socket.destroy();
  server!.close();
  const rude = await listening((socket) => socket.destroy());
  expect(await answersAmqp(dial(rude), 500)).toBe(false);
  expect(await answersAmqp(() => Promise.reject(new Error('refused')), 500)).toBe(false);
  expect(await answersAmqp(() => new Promise(() => {}), 50)).toBe(false);
});
