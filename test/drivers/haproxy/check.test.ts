import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkHaproxy } from '../../../src/drivers/haproxy/check.js';
import { checkKeepalived } from '../../../src/drivers/keepalived/check.js';
import { localTransport } from '../../../src/drivers/transport/local.js';
import { canCheckKeepalived, hasProgram } from '../../render/system.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'warren-check-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const listen = `listen x
    mode tcp
    timeout connect 1s
    timeout client 1s
    timeout server 1s
    bind 127.0.0.1:5672
`;

function file(text: string): string {
  const name = path.join(folder, 'conf');
  writeFileSync(name, text);
  return name;
}

test.runIf(hasProgram('haproxy'))('HAProxy: what it refuses is said with its reason', async () => {
  await checkHaproxy(localTransport, file(`global\n    maxconn 10\n${listen}`));
  await expect(checkHaproxy(localTransport, file(`global\n    nbproc 5\n${listen}`))).rejects.toMatchObject({
    report: { code: 'CONFIGURATION_REFUSED', why: expect.stringContaining('nbproc'), exit: 78 },
  });
});

test.runIf(canCheckKeepalived)(
  'Keepalived: a user for scripts is no error of its test, a mistake is, and so is a missing file',
  async () => {
    const globals = 'global_defs {\n    enable_script_security\n    script_user nobody\n';
    await checkKeepalived(localTransport, file(`${globals}}\n`));
    await expect(
      checkKeepalived(localTransport, file(`${globals}    no_such_word\n}\n`)),
    ).rejects.toMatchObject({
      report: { code: 'CONFIGURATION_REFUSED', why: expect.stringContaining('no_such_word') },
    });
    await expect(checkKeepalived(localTransport, path.join(folder, 'none'))).rejects.toMatchObject({
      report: { code: 'CONFIGURATION_REFUSED' },
    });
  },
);
