import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeTransport } from '../../src/drivers/transport/fake.js';
import { localTransport } from '../../src/drivers/transport/local.js';
import { SshNetwork } from '../../src/drivers/transport/ssh/network.js';
import { SshServer } from '../drivers/transport/ssh-server.js';
import { commandContract, fileContract, realFileContract } from './transport.js';

async function overSsh() {
  const server = await SshServer.start();
  const folder = mkdtempSync(join(tmpdir(), 'warren-known-'));
  const network = new SshNetwork({ acceptNew: true });
  const transport = network.transport({
    host: 'server1',
    address: '127.0.0.1',
    port: server.port,
    user: 'root',
    password: 'any',
    knownHosts: join(folder, 'known_hosts'),
  });
  return {
    transport,
    async close() {
      await network.close();
      await server.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

async function here() {
  return { transport: localTransport, async close() {} };
}

for (const [name, open] of [
  ['ssh', overSsh],
  ['this machine', here],
] as const) {
  commandContract(name, open);
  realFileContract(name, async () => {
    const root = mkdtempSync(join(tmpdir(), 'warren-files-'));
    const opened = await open();
    return {
      ...opened,
      root,
      async close() {
        await opened.close();
        rmSync(root, { recursive: true });
      },
    };
  });
}

fileContract('the fake', async () => ({ transport: new FakeTransport(), root: '/tmp', async close() {} }));
