import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { utils } from 'ssh2';
import { describe, expect, it } from 'vitest';
import {
  judge,
  keysOf,
  knownName,
  readKnownHosts,
  typeOf,
} from '../../../../src/drivers/transport/ssh/known-hosts.js';
import { ed25519Pair } from '../ssh-keys.js';
import { testFolder } from './one-host.js';

const [first, second] = [blobOf('ed25519'), blobOf('ed25519')];
const ecdsa = blobOf('ecdsa');

function blobOf(type: 'ed25519' | 'ecdsa'): Buffer {
  const pair = type === 'ecdsa' ? utils.generateKeyPairSync(type, { bits: 256 }) : ed25519Pair();
  return Buffer.from(pair.public.split(' ')[1]!, 'base64');
}

function line(names: string, key: Buffer, marker = ''): string {
  return `${marker}${names} ${typeOf(key)} ${key.toString('base64')} a comment\n`;
}

function judged(text: string, name: string, key: Buffer) {
  return judge(readKnownHosts(text, 'known_hosts'), name, key);
}

describe('a known_hosts file', () => {
  it('knows a key under each of its names, and no other key', () => {
    const text = line('server1,192.0.2.101', first);
    for (const name of ['server1', '192.0.2.101', 'SERVER1'])
      expect(judged(text, name, first)).toEqual({ kind: 'known' });
    expect(judged(text, 'server2', first)).toEqual({ kind: 'unknown' });
    expect(judged(`# why\n\n${text}`, 'server1', second)).toEqual({
      kind: 'changed',
      file: 'known_hosts',
      line: 3,
    });
  });

  it('takes any of several keys, and says changed of a new type too', () => {
    const text = line('server1', first) + line('server1', ecdsa);
    expect(judged(text, 'server1', ecdsa).kind).toBe('known');
    expect(judged(line('server1', first), 'server1', ecdsa)).toMatchObject({ kind: 'changed', line: 1 });
    expect(judged(line('server1', ecdsa) + line('server1', first), 'server1', second)).toMatchObject({
      line: 2,
    });
  });

  it('keeps ports apart', () => {
    const text = line('[192.0.2.101]:2222', first);
    expect(judged(text, knownName('192.0.2.101', 2222), first).kind).toBe('known');
    expect(judged(text, knownName('192.0.2.101', 22), first).kind).toBe('unknown');
  });

  it('knows patterns and exceptions from them', () => {
    const text = line('*.example.org,!bad.example.org,192.0.2.10?', first);
    expect(judged(text, 'a.example.org', first).kind).toBe('known');
    expect(judged(text, 'bad.example.org', first).kind).toBe('unknown');
    expect(judged(text, 'aXexample.org', first).kind).toBe('unknown');
    expect(judged(text, '192.0.2.105', first).kind).toBe('known');
  });

  it('refuses a revoked key wherever it stands, and lets it not count as known', () => {
    const text = line('server1', first) + line('*', first, '@revoked ');
    expect(judged(text, 'server1', first)).toEqual({ kind: 'revoked', file: 'known_hosts', line: 2 });
    expect(judged(line('server1', first, '@revoked '), 'server1', second).kind).toBe('unknown');
  });

  it('passes over certificates and what it cannot read', () => {
    const text = `${line('*', first, '@cert-authority ')}server1\nserver1 ssh-ed25519\n|1|x\n`;
    expect(judged(text, 'server1', second).kind).toBe('unknown');
  });

  it('finds what ssh-keygen finds, hashed or not', () => {
    const file = join(testFolder(), 'known_hosts');
    const names = ['server1', '192.0.2.101', '[192.0.2.101]:2222', 'x.example.org'];
    writeFileSync(file, names.map((name) => line(name, first)).join(''));
    execFileSync('ssh-keygen', ['-q', '-H', '-f', file], { stdio: 'ignore' });
    const known = readKnownHosts(execFileSync('cat', [file], { encoding: 'utf8' }), file);
    expect(known.every((one) => one.names.startsWith('|1|'))).toBe(true);
    for (const name of [...names, 'server2', '[192.0.2.101]:22'])
      expect([name, keysOf(known, name).length > 0]).toEqual([name, found(file, name)]);
  });

  it('reads any text without falling over', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (text, name) => {
        expect(judged(text, name, first).kind).toMatch(/known|changed/);
      }),
    );
  });
});

function found(file: string, name: string): boolean {
  return spawnSync('ssh-keygen', ['-F', name, '-f', file]).status === 0;
}
