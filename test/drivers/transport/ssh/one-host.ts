import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { utils } from 'ssh2';
import { onTestFinished } from 'vitest';
import { SshNetwork } from '../../../../src/drivers/transport/ssh/network.js';
import type { SshOptions, SshTarget } from '../../../../src/drivers/transport/ssh/target.js';
import { WarrenError } from '../../../../src/errors/warren-error.js';
import { ed25519Pair } from '../ssh-keys.js';
import { SshServer, type SshServerOptions } from '../ssh-server.js';

/** A folder that is gone after the test. */
export function testFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'warren-ssh-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** A server that is stopped after the test. */
export async function testServer(options: SshServerOptions = {}): Promise<SshServer> {
  const server = await SshServer.start(options);
  onTestFinished(() => server.stop());
  return server;
}

export function testNetwork(options: Partial<SshOptions> = {}): SshNetwork {
  const network = new SshNetwork({ acceptNew: true, ...options });
  onTestFinished(() => network.close());
  return network;
}

/** How to reach that server, as root with a password unless told otherwise. */
export function targetOf(server: Pick<SshServer, 'port'>, given: Partial<SshTarget> = {}): SshTarget {
  return {
    host: 'server1',
    address: '127.0.0.1',
    port: server.port,
    user: 'root',
    password: 'any',
    knownHosts: join(testFolder(), 'known_hosts'),
    ...given,
  };
}

/** A server and a way to it, both gone after the test. */
export async function oneHost(
  serverOptions: SshServerOptions = {},
  target: Partial<SshTarget> = {},
  options: Partial<SshOptions> = {},
) {
  const server = await testServer(serverOptions);
  const network = testNetwork(options);
  return { server, network, transport: network.transport(targetOf(server, target)) };
}

/** A pair of keys, the private one in a file. */
export function keyFile(passphrase?: string) {
  const file = join(testFolder(), 'key');
  const pair = ed25519Pair(passphrase);
  writeFileSync(file, pair.private, { mode: 0o600 });
  const parsed = utils.parseKey(pair.public);
  if (parsed instanceof Error) throw parsed;
  return { file, text: readFileSync(file, 'utf8'), public: parsed };
}

/** The report of what a promise was rejected with. */
export async function reportOfFailure(promise: Promise<unknown>) {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof WarrenError) return error.report;
  throw error ?? new Error('it did not fail');
}
