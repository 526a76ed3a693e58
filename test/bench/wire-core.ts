/** Serves the real core over an in-memory store, alone on this node, for load generators and raw probes. */
import { readFileSync } from 'node:fs';
import { systemClock } from '../../src/broker/clock.js';
import { createBroker } from '../../src/broker/core/broker.js';
import { LocalMetadata } from '../../src/broker/core/metadata/local-metadata.js';
import { hashPassword } from '../../src/broker/core/password.js';
import { serve } from '../broker/connection/serve.js';
import { MemoryStore } from '../broker/core/memory-store.js';

const node = 'bench@localhost';
let ids = 0;
const metadata = new LocalMetadata(null, () => ({ newId: () => `${++ids}`, now: Date.now() }));
await metadata.submit('bootstrap', {
  node,
  vhost: '/',
  user: {
    name: 'guest',
    passwordHash: hashPassword('guest'),
    hashingAlgorithm: 'rabbit_password_hashing_sha256',
    tags: ['administrator'],
    permissions: ['.*', '.*', '.*'],
  },
});
const store = new MemoryStore();
setInterval(() => store.sync(), 1).unref();
const silent = () => {};
const write = (line: string) => void process.stderr.write(`${line}\n`);
const broker = createBroker({
  self: node,
  metadata,
  store,
  queues: { remote: refuse, replicator: refuse, takeOver: () => null },
  clock: systemClock,
  logger: { debug: silent, info: silent, warning: silent, error: write },
  loopbackUsers: ['guest'],
});
await broker.start();
const { port } = await serve({ port: Number(process.argv[2] ?? 0), broker });
process.stdout.write(`${port} ${readFileSync('/proc/self/stat', 'utf8').split(' ')[0]}\n`);

function refuse(): never {
  throw new Error('this node is alone');
}
