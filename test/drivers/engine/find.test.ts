import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findEngine, wrapperMark } from '../../../src/drivers/engine/find.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'warren-find-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function tools(...names: string[]): void {
  for (const name of names) {
    writeFileSync(path.join(folder, name), '#!/bin/sh\n');
    chmodSync(path.join(folder, name), 0o755);
  }
}

test('RabbitMQ is found in PATH', () => {
  tools('rabbitmq-server', 'rabbitmqctl', 'rabbitmq-plugins');
  expect(findEngine('rabbitmq', { path: `/nowhere:${folder}`, usual: [] })).toEqual({
    name: 'rabbitmq',
    folder,
  });
});

test("Debian's wrappers, which change the user and drop the environment, are passed over", () => {
  tools('rabbitmq-script-wrapper', 'rabbitmqctl', 'rabbitmq-plugins');
  symlinkSync(path.join(folder, 'rabbitmq-script-wrapper'), path.join(folder, 'rabbitmq-server'));
  expect(() => findEngine('rabbitmq', { path: folder, usual: [] })).toThrow('RabbitMQ is not installed');
});

test("in a shell that has a cluster's own tools in PATH, those are passed over", () => {
  tools('rabbitmqctl', 'rabbitmq-plugins');
  writeFileSync(path.join(folder, 'rabbitmq-server'), `#!/bin/sh\n${wrapperMark}\n`, { mode: 0o755 });
  expect(() => findEngine('rabbitmq', { path: folder, usual: [] })).toThrow('RabbitMQ is not installed');
});

test('where RabbitMQ is not installed, the error says what to install', () => {
  const attempt = () => findEngine('rabbitmq', { path: folder, usual: [folder] });
  expect(attempt).toThrow(
    expect.objectContaining({
      code: 'ENGINE_NOT_INSTALLED',
      report: expect.objectContaining({
        exit: 69,
        next: expect.stringContaining('apt-get install rabbitmq-server'),
      }),
    }),
  );
});

test('a folder without the tools says which are missing', () => {
  tools('rabbitmq-server');
  expect(() => findEngine('bundled', { folder })).toThrow(`${folder} has no rabbitmqctl, rabbitmq-plugins`);
});

test('an unknown engine', () => {
  expect(() => findEngine('kafka', {})).toThrow(expect.objectContaining({ code: 'UNKNOWN_ENGINE' }));
});
