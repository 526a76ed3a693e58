import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NodeNameInUse, Registry, runtimeFolder } from '../../../src/broker/cluster/registry.js';

let folder: string;
let registry: Registry;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'registry-'));
  registry = new Registry(folder);
});
afterEach(() => rmSync(folder, { recursive: true }));

const entry = (name: string, pid = process.pid) => ({
  name,
  pid,
  port: 25672,
  address: '127.0.0.1',
  amqpPort: 5672,
});

describe('the registry of node names', () => {
  it('finds what was claimed, and not what was released', () => {
    registry.claim(entry('rabbit-1@vm'));
    expect(registry.lookup('rabbit-1@vm')).toEqual(entry('rabbit-1@vm'));
    registry.claim(entry('a@vm'));
    expect(registry.list().map(({ name }) => name)).toEqual(['a@vm', 'rabbit-1@vm']);
    registry.release('rabbit-1@vm');
    expect(registry.lookup('rabbit-1@vm')).toBeNull();
    registry.release('a@vm');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('refuses a name that a living process holds', () => {
    registry.claim(entry('rabbit@vm'));
    expect(() => registry.claim(entry('rabbit@vm'))).toThrowError(NodeNameInUse);
    expect(() => registry.claim(entry('rabbit@vm'))).toThrowError(
      'node with name "rabbit" is already running on host "vm"',
    );
  });

  it('gives way when the process is gone', async () => {
    const child = spawn('sleep', ['60']);
    registry.claim(entry('rabbit@vm', child.pid));
    expect(registry.lookup('rabbit@vm')).not.toBeNull();
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(registry.list()).toEqual([]);
    registry.claim(entry('rabbit@vm', child.pid));
    registry.claim(entry('rabbit@vm'));
    expect(registry.lookup('rabbit@vm')?.pid).toBe(process.pid);
  });

  it('gives way when the pid belongs to another process now, as after a reboot', () => {
    registry.claim(entry('rabbit@vm'));
    const file = join(folder, readdirSync(folder)[0] as string);
    writeFileSync(file, readFileSync(file, 'utf8').replace(/"startTime":"[^"]*"/, '"startTime":"old/1"'));
    expect(registry.lookup('rabbit@vm')).toBeNull();
    registry.claim(entry('rabbit@vm'));
    expect(registry.lookup('rabbit@vm')).not.toBeNull();
  });

  it('gives way when the file is cut short', () => {
    registry.claim(entry('rabbit@vm'));
    writeFileSync(join(folder, readdirSync(folder)[0] as string), '{"na');
    expect(registry.lookup('rabbit@vm')).toBeNull();
    registry.claim(entry('rabbit@vm'));
  });

  it('gives way though a process died while it cleared the entry away', async () => {
    const child = spawn('sleep', ['60']);
    registry.claim(entry('rabbit@vm', child.pid));
    const file = join(folder, readdirSync(folder)[0] as string);
    writeFileSync(`${file}.door`, readFileSync(file));
    child.kill('SIGKILL');
    await once(child, 'exit');
    registry.claim(entry('rabbit@vm'));
    expect(registry.lookup('rabbit@vm')?.pid).toBe(process.pid);
    expect(readdirSync(folder).length).toBe(1);
  });

  it('does not release what another process holds', () => {
    registry.claim(entry('init@vm', 1));
    registry.release('init@vm');
    expect(registry.lookup('init@vm')?.pid).toBe(1);
  });

  it('changes ports of its own entry', () => {
    registry.claim(entry('rabbit@vm'));
    registry.update({ ...entry('rabbit@vm'), amqpPort: null });
    expect(registry.lookup('rabbit@vm')?.amqpPort).toBeNull();
  });

  it('lets exactly one of many processes have a name, over a stale entry too', async () => {
    registry.claim(entry('rabbit@vm'));
    const file = join(folder, readdirSync(folder)[0] as string);
    writeFileSync(file, readFileSync(file, 'utf8').replace(/"startTime":"[^"]*"/, '"startTime":"old/1"'));
    const claims = Array.from({ length: 20 }, async () => {
      try {
        new Registry(folder).claim(entry('rabbit@vm'));
        return 1;
      } catch {
        return 0;
      }
    });
    const won: number[] = await Promise.all(claims);
    expect(won.reduce((sum, one) => sum + one, 0)).toBe(1);
  });

  it('lives where the environment says', () => {
    expect(runtimeFolder({ WARREN_RUNTIME_DIR: '/a', XDG_RUNTIME_DIR: '/b' })).toBe('/a');
    expect(runtimeFolder({ XDG_RUNTIME_DIR: '/b' })).toBe('/b/warren');
    expect(runtimeFolder({})).toBe(`/tmp/warren-${process.getuid?.()}`);
  });
});
