import { passwordInUri } from '../filled.js';
import type { WrittenFile } from '../schema.js';
import { parseSecret } from '../secret.js';
import type { Path } from '../text.js';
import type { Findings } from './findings.js';
import { nodesOf, onHosts } from './nodes.js';
import { Notebook } from './notebook.js';

interface Written {
  readonly at: Path;
  readonly text: string | undefined;
  /** A name for the environment variable that is suggested. */
  readonly variable: string;
  /** Whether it makes sense to have it made: only for what Warren sets up itself. */
  readonly generable: boolean;
}

export function secretFindings(file: WrittenFile): Findings {
  const book = new Notebook();
  for (const { at, text, variable, generable } of secretsOf(file)) {
    if (text === undefined) continue;
    const secret = parseSecret(text);
    const ways = `env:${variable} or file:PATH${generable ? ', or generate' : ''}`;
    if (secret?.from === 'generate' && !generable) {
      book.error(
        at,
        `${at.at(-1)} is known to somebody else already, so it cannot be generated`,
        `write ${ways}`,
      );
    }
    const plain = at[0] === 'users' && at.at(-1) === 'password' && !onHosts(file);
    if (secret === undefined && !plain) {
      const kind = /^(env|file):/.test(text) ? 'is not a reference that can be read' : 'is written out here';
      book.error(at, `${at.join('.')} ${kind}: a cluster file holds references to secrets`, `write ${ways}`);
    }
  }
  for (const [index, { name, value }] of file.parameters.entries()) {
    const [, before, password] = passwordInUri.exec(JSON.stringify(value) ?? '') ?? [];
    if (password === undefined || password.startsWith('${')) continue;
    book.error(
      ['parameters', index, 'value'],
      `a password is written out in ${before}…: a cluster file holds references to secrets`,
      `write ${before}\${env:${variableOf(name)}}@… or \${file:PATH} in its place`,
    );
  }
  return book;
}

function secretsOf(file: WrittenFile): Written[] {
  const { rabbitmq, front_end, profile, users } = file;
  const found: Written[] = [
    ...ofSsh(file.ssh, ['ssh']),
    ...nodesOf(file).flatMap(({ ssh }, i) => (ssh ? ofSsh(ssh, ['nodes', i, 'ssh']) : [])),
    { at: ['rabbitmq', 'tls', 'key'], text: rabbitmq.tls?.key, variable: 'TLS_KEY', generable: false },
    ...nodesOf(file).map((node, i) => ({
      at: ['nodes', i, 'rabbitmq', 'tls', 'key'],
      text: node.rabbitmq?.tls?.key,
      variable: variableOf(node.name, 'TLS_KEY'),
      generable: false,
    })),
    { at: ['rabbitmq', 'cookie'], text: rabbitmq.cookie, variable: 'ERLANG_COOKIE', generable: true },
    ...users.flatMap(({ name, password, password_hash }, i): Written[] => [
      { at: ['users', i, 'password'], text: password, variable: variableOf(name), generable: true },
      {
        at: ['users', i, 'password_hash'],
        text: password_hash,
        variable: variableOf(name, 'HASH'),
        generable: false,
      },
    ]),
  ];
  if (typeof profile === 'object' && profile.name === 'federated') {
    for (const [i, { name, password }] of profile.upstreams.entries()) {
      const at = ['profile', 'upstreams', i, 'password'];
      found.push({ at, text: password, variable: variableOf(name), generable: false });
    }
  }
  if (!front_end) return found;
  const { auth_pass, haproxy, hosts } = front_end;
  return [
    ...found,
    ...hosts.flatMap(({ ssh }, i) => (ssh ? ofSsh(ssh, ['front_end', 'hosts', i, 'ssh']) : [])),
    { at: ['front_end', 'auth_pass'], text: auth_pass, variable: 'VRRP_PASSWORD', generable: true },
    ...(['stats_password', 'check_password'] as const).map((key) => ({
      at: ['front_end', 'haproxy', key],
      text: haproxy[key],
      variable: key.toUpperCase(),
      generable: true,
    })),
  ];
}

function ofSsh(ssh: WrittenFile['ssh'], at: Path): Written[] {
  const keys = ['password', 'passphrase', 'sudo_password'] as const;
  const own = keys.map((key) => ({
    at: [...at, key],
    text: ssh[key],
    variable: key === 'sudo_password' ? 'SUDO_PASSWORD' : `SSH_${key.toUpperCase()}`,
    generable: false,
  }));
  return ssh.bastion ? [...own, ...ofSsh(ssh.bastion, [...at, 'bastion'])] : own;
}

function variableOf(name: string, what = 'PASSWORD'): string {
  const word = name
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, '_')
    .replace(/^(\d)/, '_$1');
  return `${word}_${what}`;
}
