import { expect, test } from 'vitest';
import { reportOf, WarrenError } from '../../src/errors/warren-error.js';
import { applyText } from '../../src/view/apply.js';
import { auditText } from '../../src/view/audit.js';
import { planText } from '../../src/view/plan.js';

test('a plan goes host by host, and marks what is asked about', () => {
  const changes = [
    { phase: 'a', host: 'server1', sentence: 'write x' },
    { phase: 'a', host: 'server2', sentence: 'write x' },
    { phase: 'b', host: 'server1', sentence: 'restart it', asks: 'cuts connections' },
  ];
  expect(planText({ cluster: 'notes', changes })).toBe(
    [
      'Cluster notes: 3 changes',
      '',
      'server1:',
      '    write x',
      '  ! restart it (cuts connections)',
      'server2:',
      '    write x',
      '',
      '! is asked about first.',
    ].join('\n'),
  );
  expect(planText({ cluster: 'notes', changes: [] })).toBe(
    'Cluster notes is as the file says: nothing to do.',
  );
});

test('after a failure every host tells what was done, what was not, why and how to go on', () => {
  const text = applyText({
    cluster: 'notes',
    changes: [1],
    failed: true,
    notes: [],
    seconds: 3,
    hosts: [
      { host: 'server1', done: ['write x'], begun: [], notDone: ['start it'] },
      {
        host: 'server2',
        done: [],
        begun: ['write x'],
        notDone: [],
        failure: { phase: 'Configure', problem: 'no way', why: 'disk full', next: 'df -h' },
      },
    ],
  });
  expect(text).toContain('server1:\n  done: write x\n  not done: start it');
  expect(text).toContain("  failed in 'Configure': no way\n    why: disk full\n    next: df -h");
  expect(text).toContain('type the same again');
});

test('after an interruption it is told what was done, what was begun and what not, and nothing is to be put right', () => {
  const interrupted = {
    cluster: 'notes',
    failed: true,
    failure: reportOf(WarrenError.of('INTERRUPTED', { signal: 'SIGINT' })),
    notes: [],
    seconds: 3,
  };
  const hosts = [{ host: 'server1', done: ['write x'], begun: ['start it'], notDone: ['enable y'] }];
  const text = applyText({ ...interrupted, changes: [1, 2], hosts });
  expect(text).toContain('done: write x\n  begun: start it\n  not done: enable y\ninterrupted (SIGINT)\n');
  expect(text).toContain('type the same again when you like');
  expect(text).not.toMatch(/Put that right|failed/);
  expect(applyText({ ...interrupted, changes: [], hosts: [] })).toContain('nothing was changed');
});

test('nothing to do is said in one line, with the proof', () => {
  const proof = { nodes: 3, messages: 20, through: '192.0.2.110:5672' };
  const result = { cluster: 'notes', changes: [], hosts: [], failed: false, notes: [], seconds: 1.2, proof };
  expect(applyText(result)).toBe(
    'Cluster notes: nothing to do (1.2 s)\nVerified: all 3 nodes agree; 20 messages confirmed and consumed through 192.0.2.110:5672.',
  );
});

test('the record tells run by run who did what', () => {
  const run = { at: '2026-01-01', who: 'me@here', command: 'warren apply', outcome: 'done', seconds: 3 };
  const text = auditText({
    cluster: 'notes',
    runs: [{ ...run, changes: [{ host: 'server1', sentence: 'start it' }] }],
  });
  expect(text).toBe('2026-01-01  me@here  done in 3 s\n  warren apply\n    server1: start it');
});
