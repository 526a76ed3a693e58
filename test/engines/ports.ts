import { createServer } from 'node:net';

export interface Ports {
  readonly amqp: number;
  readonly amqps: number;
  readonly management: number;
  readonly metrics: number;
  readonly distribution: number;
}

/**
 * AMQP ports are looked for among a few that are below the range that the system
 * gives to outgoing connections; management and distribution stand RabbitMQ's own
 * offsets above, TLS a thousand, Prometheus two. Test runs side by side are told to
 * look at different ones, since a node's ports are free while it is stopped.
 * Looking begins at a random one, so that two test runs seldom want the same.
 */
const first = Number(process.env.WARREN_TEST_PORTS ?? 11000);
const span = 250;

/** Those that were given away in this process: nobody may listen there yet. */
const given = new Set<number>();

export async function freePorts(): Promise<Ports> {
  const start = Math.floor(Math.random() * span);
  for (let step = 0; step < span; step += 1) {
    const amqp = first + ((start + step) % span);
    if (given.has(amqp)) continue;
    const ports = {
      amqp,
      amqps: amqp + 1000,
      metrics: amqp + 2000,
      management: amqp + 10_000,
      distribution: amqp + 20_000,
    };
    given.add(amqp);
    if ((await Promise.all(Object.values(ports).map(isFree))).every(Boolean)) return ports;
  }
  throw new Error(
    `no free port between ${first} and ${first + span - 1}; set WARREN_TEST_PORTS to look elsewhere`,
  );
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '0.0.0.0', () => server.close(() => resolve(true)));
  });
}
