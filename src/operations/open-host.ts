import type { SshAccess } from '../cluster-file/cluster-file.js';
import type { Host } from '../cluster-file/hosts.js';
import { resolveSecret } from '../cluster-file/resolve-secret.js';
import type { Secret } from '../cluster-file/secret.js';
import type { SshNetwork } from '../drivers/transport/ssh/network.js';
import type { SshLogin, SshOptions, SshTarget } from '../drivers/transport/ssh/target.js';

export type { SshOptions } from '../drivers/transport/ssh/target.js';

type Env = Readonly<Record<string, string | undefined>>;

/** All hosts of one run: what is asked, and what is learnt of their keys, is shared between them. */
export async function openNetwork(options: SshOptions): Promise<SshNetwork> {
  const { SshNetwork } = await import('../drivers/transport/ssh/network.js');
  return new SshNetwork(options);
}

/** How a host of a cluster file is reached, its secrets looked up. */
export async function targetOf({ name, address, ssh }: Host, env: Env): Promise<SshTarget> {
  const sudoPassword = await textOf(ssh.sudo_password, `sudo on ${name}`, env);
  return {
    host: name,
    ...(await loginOf(address, ssh, `${ssh.user} on ${name}`, env)),
    sudo: ssh.sudo,
    ...(sudoPassword === undefined ? {} : { sudoPassword }),
    ...(ssh.bastion ? { bastion: await loginOf(ssh.bastion.address, ssh.bastion, 'the bastion', env) } : {}),
  };
}

async function loginOf(address: string, access: SshAccess, whose: string, env: Env): Promise<SshLogin> {
  const passphrase = await textOf(access.passphrase, `the key of ${whose}`, env);
  const password = await textOf(access.password, whose, env);
  const agent = access.agent ? env.SSH_AUTH_SOCK : undefined;
  return {
    address,
    port: access.port,
    user: access.user,
    knownHosts: access.known_hosts,
    ...(access.key ? { keys: [access.key] } : {}),
    ...(passphrase === undefined ? {} : { passphrase }),
    ...(password === undefined ? {} : { password }),
    ...(agent ? { agent } : {}),
  };
}

async function textOf(secret: Secret | undefined, what: string, env: Env): Promise<string | undefined> {
  if (!secret) return undefined;
  const generated = async (): Promise<never> => {
    throw new TypeError('a login cannot be generated');
  };
  return (await resolveSecret(secret, { key: what, what }, { env, generated })).reveal();
}
