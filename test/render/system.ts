import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** What the real programs say of a text; the folder that it stood in is gone afterwards. */
export interface Verdict {
  readonly status: number | null;
  readonly said: string;
}

export function hasProgram(name: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${name}`]).status === 0;
}

export function haproxyCheck(text: string): Verdict {
  return inFolder((folder) => {
    const file = path.join(folder, 'haproxy.cfg');
    writeFileSync(file, text);
    return ran('haproxy', ['-c', '-f', file]);
  });
}

/**
 * In a network of its own, which has the interface; with root for its scripts,
 * since with another user 2.2.7's test ends by a signal.
 */
export function keepalivedCheck(text: string, script: string): Verdict {
  return inFolder((folder) => {
    const check = path.join(folder, 'check.sh');
    writeFileSync(check, script);
    chmodSync(check, 0o755);
    const file = path.join(folder, 'keepalived.conf');
    writeFileSync(
      file,
      text.replace(/script "[^"]*"/, `script "${check}"`).replace(/script_user \w+/, 'script_user root'),
    );
    const card = 'ip link add eth0 type veth peer name eth1 && ip link set eth0 up';
    return ran('unshare', [
      '--net',
      'sh',
      '-c',
      `${card} && exec keepalived --config-test --use-file ${file}`,
    ]);
  });
}

export function shellCheck(script: string): Verdict {
  return inFolder((folder) => {
    const file = path.join(folder, 'check.sh');
    writeFileSync(file, script);
    return ran('shellcheck', [file]);
  });
}

function ran(program: string, args: readonly string[]): Verdict {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  return { status, said: `${stdout}${stderr}` };
}

/** Whether Keepalived can look at a file here: it must be root, and so must who makes a network. */
export const canCheckKeepalived =
  process.getuid?.() === 0 && ['keepalived', 'unshare', 'ip'].every((name) => hasProgram(name));

/** Not under /tmp: a script below a folder that others can write would be refused. */
function inFolder<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(
    path.join(process.getuid?.() === 0 ? '/var/lib' : os.tmpdir(), 'warren-render-'),
  );
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
