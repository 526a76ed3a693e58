import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Access, LintFile, Machine } from '../../src/lint/finding.js';
import { lint } from '../../src/lint/lint.js';

/** A tutorial's files for two balancers, letter for letter; the second's copy is changed as it says. */
const folder = new URL('../fixtures/notes/', import.meta.url);
const read = (name: string) => readFileSync(new URL(name, folder), 'utf8');
const haproxy: LintFile = { path: 'haproxy.cfg', text: read('haproxy.cfg') };
const first: LintFile = { path: 'server4/keepalived.conf', text: read('keepalived.conf') };
const script: LintFile = { path: 'haproxy_check.sh', text: read('haproxy_check.sh') };

function found(files: readonly LintFile[], machine?: Machine): string[] {
  return lint(files, machine).map(({ file, line, severity, rule }) => `${file}:${line} ${severity} ${rule}`);
}

function second(change: (text: string) => string): LintFile {
  return { path: 'server5/keepalived.conf', text: change(first.text.replace('server4', 'server5')) };
}

test('haproxy.cfg', () => {
  expect(found([haproxy])).toEqual([
    'haproxy.cfg:2 warning reload-drops',
    'haproxy.cfg:8 warning chroot',
    'haproxy.cfg:10 warning numeric-user',
    'haproxy.cfg:16 error removed-keyword',
    'haproxy.cfg:19 warning relative-pidfile',
    'haproxy.cfg:39 error timeout-against-heartbeat',
    'haproxy.cfg:41 error timeout-against-heartbeat',
    'haproxy.cfg:44 warning no-keepalive',
    'haproxy.cfg:44 warning no-keepalive',
    'haproxy.cfg:44 warning no-redispatch',
    'haproxy.cfg:50 warning round-robin',
    'haproxy.cfg:51 note wrong-remark',
    'haproxy.cfg:52 error shallow-check',
    'haproxy.cfg:62 error open-stats',
    'haproxy.cfg:63 note wrong-remark',
  ]);
});

test('keepalived.conf', () => {
  expect(found([first])).toEqual([
    'server4/keepalived.conf:1 error script-security',
    'server4/keepalived.conf:7 warning no-script-timeout',
    'server4/keepalived.conf:13 warning weight',
    'server4/keepalived.conf:18 warning state-master',
    'server4/keepalived.conf:24 error unknown-keyword',
    'server4/keepalived.conf:24 error bad-address',
    'server4/keepalived.conf:32 note password-in-the-clear',
  ]);
});

test('the unknown keyword is the one that was meant, and the line says what to write', () => {
  const unknown = lint([first]).find(({ rule }) => rule === 'unknown-keyword');
  expect(unknown).toMatchObject({ instead: '`mcast_src_ip`' });
});

test('the check script, with the time that keepalived.conf gives it', () => {
  expect(found([first, script]).filter((line) => line.startsWith('haproxy_check'))).toEqual([
    'haproxy_check.sh:2 error shebang',
    'haproxy_check.sh:3 error shell-syntax',
    'haproxy_check.sh:4 error shell-syntax',
    'haproxy_check.sh:5 error check-that-acts',
    'haproxy_check.sh:6 error slow-check',
    'haproxy_check.sh:7 error shell-syntax',
    'haproxy_check.sh:8 error check-that-acts',
  ]);
});

test('the virtual address is not the one that HAProxy listens on', () => {
  expect(found([haproxy, first])).toContain('haproxy.cfg:46 error virtual-address-unbound');
});

test('the second balancer: a copy, another priority, another password', () => {
  const rules = (change: (text: string) => string) =>
    lint([first, second(change)])
      .filter(({ file, rule }) => file.startsWith('server5') || rule === 'weight-never-flips')
      .map(({ rule }) => rule);
  expect(rules((text) => text)).toEqual(expect.arrayContaining(['two-masters', 'same-priority']));
  const backup = (text: string) => text.replace('state MASTER', 'state BACKUP');
  expect(rules((text) => backup(text).replace('priority 100', 'priority 50'))).toContain(
    'weight-never-flips',
  );
  expect(rules((text) => backup(text).replace('priority 100', 'priority 90'))).not.toContain(
    'weight-never-flips',
  );
  expect(rules((text) => text.replace('123456', '654321'))).toContain('different-passwords');
  expect(rules((text) => text.replace('virtual_router_id 110', 'virtual_router_id 111'))).toContain(
    'different-vrid',
  );
  expect(rules((text) => text.replace('advert_int 1', 'advert_int 2'))).toContain('different-intervals');
});

test('on their own machine: an interface and a folder that are not there', () => {
  const machine: Machine = { interfaces: ['lo', 'eth0'], missing: () => true };
  const own = found([haproxy, first], machine);
  expect(own).toContain('haproxy.cfg:8 error chroot');
  expect(own).toContain('server4/keepalived.conf:20 error no-interface');
});

test.each([
  [{ uid: 1000, mode: 0o755 }, 'writable-script'],
  [{ uid: 0, mode: 0o775 }, 'writable-script'],
  [{ uid: 0, mode: 0o757 }, 'writable-script'],
  [{ uid: 0, mode: 0o755, openFolder: '/srv' }, 'writable-script'],
  [{ uid: 0, mode: 0o644 }, 'not-executable'],
] as [Access, string][])('who may change the script: %o', (access, rule) => {
  const text = '#!/bin/sh\nexec true\n';
  expect(lint([{ path: 'check.sh', text, access }]).map((one) => one.rule)).toEqual([rule]);
  expect(lint([{ path: 'check.sh', text, access: { uid: 0, mode: 0o755 } }])).toEqual([]);
});
