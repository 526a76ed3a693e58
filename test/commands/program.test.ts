import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Warren } from './warren.js';

let warren: Warren;
beforeAll(() => {
  warren = new Warren();
});
afterAll(() => warren.destroy());

test('a word that is no command: 64, and the one that was meant', async () => {
  const { status, stdout, stderr } = await warren.run(['pss']);
  expect({ status, stdout }).toEqual({ status: 64, stdout: '' });
  expect(stderr).toContain("'pss' is not a warren command");
  expect(stderr).toContain('did you mean: warren ps');
  expect((await warren.run(['node', 'strat', '1'])).stderr).toContain('did you mean: warren node start');
});

test('help of a word that is no command: 64, and the one that was meant', async () => {
  for (const args of [
    ['queue', 'lst', '--help'],
    ['queue', 'lst', '-h'],
    ['help', 'queue', 'lst'],
  ]) {
    const { status, stdout, stderr } = await warren.run(args);
    expect({ status, stdout }).toEqual({ status: 64, stdout: '' });
    expect(stderr).toContain("'queue lst' is not a warren command");
    expect(stderr).toContain('did you mean: warren queue list');
  }
});

test('a flag that is none: 64, and the one that was meant', async () => {
  const { status, stderr } = await warren.run(['up', '--nods', '3']);
  expect(status).toBe(64);
  expect(stderr).toContain('did you mean --nodes?');
  expect(stderr).toContain('next: warren up --help');
  const help = await warren.run(['help', '--nope']);
  expect(help.status).toBe(64);
  expect(help.stderr).toContain('next: warren help --help');
});

test('a value that cannot be: 64', async () => {
  expect((await warren.run(['up', '--nodes', '0'])).status).toBe(64);
  expect((await warren.run(['up', '--name', '3x'])).status).toBe(64);
  expect((await warren.run(['up', '--ha', 'most'])).status).toBe(64);
  expect((await warren.run(['consume'])).status).toBe(64);
});

test('an error under --json is one document on standard output, with the same exit status', async () => {
  for (const [args, code, status] of [
    [['down'], 'CLUSTER_NOT_FOUND', 69],
    [['up', '--engine', 'kafka'], 'UNKNOWN_ENGINE', 64],
    [['up', '--nods', '3'], 'USAGE', 64],
    [['upp'], 'UNKNOWN_COMMAND', 64],
    [['check', 'five-hosts.yaml'], 'USAGE', 64],
  ] as const) {
    const outcome = await warren.run([...args, '--json']);
    expect(outcome.status).toBe(status);
    expect(outcome.stderr).toBe('');
    expect(JSON.parse(outcome.stdout)).toMatchObject({
      error: { code, status, message: expect.any(String), next: expect.any(String) },
    });
  }
});

test('a stack is shown with --debug and only then', async () => {
  expect((await warren.run(['down'])).stderr).not.toMatch(/\n +at /);
  expect((await warren.run(['down', '--debug'])).stderr).toMatch(/\n +at /);
});

test('an error that nobody awaited is reported as any other', async () => {
  const thrown = "if(process.listenerCount('uncaughtException'))throw(new%20Error('planted'))";
  const planted = `--import=data:text/javascript,setInterval(()=>{${thrown}},1)`;
  const { status, stdout, stderr } = await warren.run(['schema'], { NODE_OPTIONS: planted });
  expect({ status, stdout }).toEqual({ status: 70, stdout: '' });
  expect(stderr).toContain('planted');
  expect(stderr).not.toContain('    at ');
});

test('what destroys asks; where nobody can answer, it is refused', async () => {
  const { status, stderr } = await warren.run(['node', 'reset', '1']);
  expect(status).toBe(64);
  expect(stderr).toContain('--yes');
});

test('a publish that goes nowhere in particular is refused before anything is opened', async () => {
  const { status, stderr } = await warren.run(['publish', 'hello']);
  expect(status).toBe(64);
  expect(stderr).toContain('--queue');
  expect((await warren.run(['publish', '--url', 'http://localhost', '-q', 'a', 'b'])).status).toBe(64);
});

test('nobody listens at an AMQP URL or a management URL', async () => {
  const amqp = await warren.run(['publish', '--url', 'amqp://app:secret@127.0.0.1:1', '-q', 'a', 'b']);
  expect(amqp).toMatchObject({ status: 69, stderr: expect.stringContaining('ECONNREFUSED') });
  expect(amqp.stderr).not.toContain('secret');
  expect((await warren.run(['status', '--url', 'http://127.0.0.1:1'])).status).toBe(69);
});

test('bash completes commands, topics and flags', async () => {
  const env = { HOME: warren.state, XDG_CACHE_HOME: `${warren.state}/cache`, SHELL: '/bin/bash' };
  await warren.succeeds(['autocomplete', 'bash'], env);
  const file = `${warren.state}/cache/warren/autocomplete/functions/bash/warren.bash`;
  const complete = (...words: string[]) =>
    execFileSync('bash', [
      '-c',
      `source ${file}; COMP_WORDS=(warren ${words.join(' ')}); COMP_CWORD=${words.length}
       _warren_autocomplete warren '${words.at(-1)}' x; echo \${COMPREPLY[@]}`,
    ])
      .toString()
      .trim();
  expect(complete('pub')).toBe('publish');
  expect(complete('node', 'st')).toBe('start stop');
  expect(complete('up', '--port')).toBe('--port-base');
});
