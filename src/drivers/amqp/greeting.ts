import { once } from 'node:events';
import type { Duplex } from 'node:stream';

/** AMQP 0-9-1 §4.2.2: the protocol header, which a server answers with connection.start. */
const header = Buffer.from('AMQP\0\0\x09\x01', 'latin1');

/** Whether a broker answers there in time; a balancer that accepts and has no broker does not. */
export async function answersAmqp(connect: () => Promise<Duplex>, timeoutMs: number): Promise<boolean> {
  const timeout = AbortSignal.timeout(timeoutMs);
  const opening = connect();
  let socket: Duplex | undefined;
  try {
    socket = await Promise.race([opening, rejection(timeout)]);
    socket.on('error', () => {});
    socket.write(header);
    await once(socket, 'data', { signal: timeout });
    return true;
  } catch {
    return false;
  } finally {
    if (socket) socket.destroy();
    else
      opening.then(
        (late) => late.destroy(),
        () => {},
      );
  }
}

function rejection(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
