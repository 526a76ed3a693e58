/** The real core over a store in memory, alone on its node. */
import { systemClock } from '../../../src/broker/clock.js';
import { createBroker, type NodeBroker } from '../../../src/broker/core/broker.js';
import { LocalMetadata } from '../../../src/broker/core/metadata/local-metadata.js';
import { hashPassword } from '../../../src/broker/core/password.js';
import { MemoryStore } from '../core/memory-store.js';
import { collectingLogger } from './serve.js';

export async function coreBroker(): Promise<{ broker: NodeBroker; stop(): void }> {
  let ids = 0;
  const metadata = new LocalMetadata(null, () => ({ newId: () => `${++ids}`, now: Date.now() }));
  await metadata.submit('bootstrap', {
    node: 'warren@test',
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
  const syncing = setInterval(() => store.sync(), 1);
  const alone = () => {
    throw new Error('this node is alone');
  };
  const broker = createBroker({
    self: 'warren@test',
    metadata,
    store,
    queues: { remote: alone, replicator: alone, takeOver: () => null },
    clock: systemClock,
    logger: collectingLogger([]),
    loopbackUsers: ['guest'],
  });
  await broker.start();
  const stop = () => {
    clearInterval(syncing);
    broker.stop();
  };
  return { broker, stop };
}
