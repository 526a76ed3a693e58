import { type AddressInfo, createServer } from 'node:net';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** The AMQP client wants a port: one on the loopback address that leads somewhere else, until it is closed. */
export interface Relay {
  /** Of the port, for a login. */
  url(login: { readonly user: string; readonly password: string; readonly vhost: string }): string;
  /** Why the way could not be opened, if it could not. */
  failure(): unknown;
  close(): void;
}

export async function relayTo(through: () => Promise<Duplex>): Promise<Relay> {
  let failed: unknown;
  const open = new Set<Duplex>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('error', () => {});
    through().then(
      (far) => {
        open.add(far);
        pipeline(socket, far, socket).catch(() => socket.destroy());
      },
      (error) => {
        failed = error;
        socket.destroy();
      },
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url({ user, password, vhost }) {
      const login = `${encodeURIComponent(user)}:${encodeURIComponent(password)}`;
      return `amqp://${login}@127.0.0.1:${port}/${encodeURIComponent(vhost)}`;
    },
    failure: () => failed,
    close() {
      server.close();
      for (const one of open) one.destroy();
    },
  };
}
