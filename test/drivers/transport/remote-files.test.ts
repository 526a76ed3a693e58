import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { appendHostAudit } from '../../../src/drivers/audit/audit-log.js';
import { localTransport } from '../../../src/drivers/transport/local.js';
import { RemoteFiles } from '../../../src/drivers/transport/remote-files.js';
import type { Transport } from '../../../src/drivers/transport/transport.js';

let folder: string;
const at = (name: string) => join(folder, name);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'remote-files-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** This machine, to which only so many bytes of every input come before its sender is gone. */
function hearing(bytes: number, redirect: (word: string) => string = (word) => word): Transport {
  return {
    ...localTransport,
    run: (file, args, options = {}) =>
      localTransport.run(file, args.map(redirect), {
        ...options,
        ...(options.input === undefined
          ? {}
          : { input: Buffer.from(options.input as string).subarray(0, bytes) }),
      }),
  };
}

test('a file of which not all arrives is as it was, wherever it is cut', async () => {
  writeFileSync(at('conf'), 'old');
  for (let bytes = 0; bytes < 3; bytes++) {
    const files = new RemoteFiles(hearing(bytes));
    await expect(files.write(at('conf'), 'new', { mode: 0o600 })).rejects.toMatchObject({
      code: 'HOST_FILE_FAILED',
    });
    expect(readdirSync(folder)).toEqual(['conf']);
    expect(readFileSync(at('conf'), 'utf8')).toBe('old');
  }
});

test('what a writer left that was killed before the renaming goes with the next write', async () => {
  const files = new RemoteFiles(localTransport);
  const killed = files.write(at('conf'), 'secret', {
    mode: 0o600,
    check: async () => {
      expect(readdirSync(folder)).toEqual([expect.stringMatching(/^\.conf\./)]);
      await files.write(at('conf'), 'new', { mode: 0o600 });
      expect(readdirSync(folder)).toEqual(['conf']);
    },
  });
  await killed.catch(() => {});
  expect(readFileSync(at('conf'), 'utf8')).toBe('new');
});

test('an audit line that is cut off is not written, so it cannot spoil the next one', async () => {
  const line = {
    run: '1',
    at: 'now',
    event: 'begin',
    who: 'me',
    command: 'x',
    cluster: 'c',
    hosts: [],
  } as const;
  const whole = JSON.stringify(line).length + 1;
  const redirect = (word: string) => (word === '/var/log/warren/audit.log' ? at('log/audit.log') : word);
  await appendHostAudit(hearing(whole, redirect), line);
  for (const bytes of [0, 1, whole - 1]) await appendHostAudit(hearing(bytes, redirect), line);
  await appendHostAudit(hearing(whole, redirect), { ...line, run: '2' });
  const lines = readFileSync(at('log/audit.log'), 'utf8').trimEnd().split('\n');
  expect(lines.map((text) => JSON.parse(text).run)).toEqual(['1', '2']);
});
