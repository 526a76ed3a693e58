import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { SecretQuestion } from '../../../../src/drivers/transport/ssh/target.js';
import { oneHost, reportOfFailure, testFolder } from './one-host.js';

/**
 * A sudo that asks as the real one does: the prompt on stderr, the password byte by byte from
 * stdin, three times; what it was called with, and what was in its environment, is written down.
 */
function fakeSudo(password: string | undefined) {
  const folder = testFolder();
  const log = join(folder, 'log');
  writeFileSync(
    join(folder, 'sudo'),
    `#!/usr/bin/env python3
import os, sys
open(${JSON.stringify(log)}, 'a').write(repr(sys.argv) + chr(10))
args, prompt, ask = sys.argv[1:], '[sudo] password: ', True
while args[0].startswith('-'):
    word = args.pop(0)
    if word == '-n': ask = False
    if word == '-p': prompt = args.pop(0)
right = ${password === undefined ? 'None' : JSON.stringify(password)}
def line():
    got = b''
    while True:
        byte = os.read(0, 1)
        if byte in (b'', b'\\n'): return got.decode()
        got += byte
sys.stderr.write('We trust you have received the usual lecture.\\n')
if right is not None:
    if not ask: sys.exit('sudo: a password is required')
    for attempt in range(3):
        sys.stderr.write(prompt); sys.stderr.flush()
        if line() == right: break
        sys.stderr.write('Sorry, try again.\\n')
    else: sys.exit('sudo: 3 incorrect password attempts')
sys.stderr.flush()
os.environ['SUDO_USER'] = 'deploy'
os.execvp(args[0], args)
`,
  );
  chmodSync(join(folder, 'sudo'), 0o755);
  return { env: { PATH: `${folder}:${process.env.PATH}` }, log: () => readFileSync(log, 'utf8') };
}

const viaSudo = ['sh', ['-c', 'echo "as root for $SUDO_USER"; cat']] as const;

describe('commands of a user who is not root', () => {
  it('go through sudo, and their input is theirs alone', async () => {
    const sudo = fakeSudo(undefined);
    const { transport } = await oneHost({ env: sudo.env }, { user: 'deploy', sudoPassword: 'sesame' });
    const { stdout, stderr } = await transport.run(...viaSudo, { input: 'the input' });
    expect({ stdout, stderr }).toEqual({ stdout: 'as root for deploy\nthe input', stderr: '' });
  });

  it('give sudo the password when it asks, and never in a word of a command', async () => {
    const sudo = fakeSudo('sesame %p');
    const { server, transport } = await oneHost(
      { env: sudo.env },
      { user: 'deploy', sudoPassword: 'sesame %p' },
    );
    const { stdout, stderr } = await transport.run(...viaSudo, { input: 'sesame %p is no input\n' });
    expect({ stdout, stderr }).toEqual({ stdout: 'as root for deploy\nsesame %p is no input\n', stderr: '' });
    expect(sudo.log() + server.commands.join()).not.toContain('sesame');
  });

  it('write files through it too', async () => {
    const sudo = fakeSudo('sesame');
    const { transport } = await oneHost({ env: sudo.env }, { user: 'deploy', sudoPassword: 'sesame' });
    const path = join(testFolder(), 'file');
    await transport.writeFile(path, 'sesame', { mode: 0o600 });
    expect(readFileSync(path, 'utf8')).toBe('sesame');
  });

  it('fail with a clear word when the password is wrong, asked once', async () => {
    const sudo = fakeSudo('sesame');
    const { transport } = await oneHost({ env: sudo.env }, { user: 'deploy', sudoPassword: 'wrong' });
    expect(await reportOfFailure(transport.run('true', []))).toMatchObject({
      code: 'HOST_SUDO_PASSWORD',
      message: 'sudo on server1 does not take the password given for deploy',
    });
  });

  it('ask the user, again when it was wrong, and once for all hosts', async () => {
    const asked: SecretQuestion[] = [];
    const answers = ['wrong', 'sesame'];
    const ask = async (question: SecretQuestion) => {
      asked.push(question);
      return answers.shift()!;
    };
    const sudo = fakeSudo('sesame');
    const { transport } = await oneHost({ env: sudo.env }, { user: 'deploy' }, { ask });
    expect((await transport.run('true', [])).status).toBe(0);
    expect((await transport.run('true', [])).status).toBe(0);
    expect(asked.map(({ kind, text, wrong }) => [kind, text, wrong])).toEqual([
      ['sudo password', 'sudo password of deploy', 0],
      ['sudo password', 'sudo password of deploy', 1],
    ]);
  });

  it('fail with what sudo says when nobody can be asked', async () => {
    const sudo = fakeSudo('sesame');
    const { transport } = await oneHost({ env: sudo.env }, { user: 'deploy' });
    const report = await reportOfFailure(transport.run('true', []));
    expect(report).toMatchObject({ code: 'HOST_SUDO_REFUSED', exit: 77 });
    expect(report.message).toContain('a password is required');
  });

  it('fail with a clear word where there is no sudo', async () => {
    const { transport } = await oneHost({ env: { PATH: testFolder() } }, { user: 'deploy' });
    const report = await reportOfFailure(transport.run('true', []));
    expect(report.code).toBe('HOST_SUDO_REFUSED');
    expect(report.message).toContain('sudo');
  });

  it('go without it where the file says so', async () => {
    const { transport } = await oneHost({}, { user: 'deploy', sudo: false });
    expect((await transport.run('sh', ['-c', 'echo "$SUDO_USER"'])).stdout).toBe('\n');
  });

  it('end with what they started when they are not wanted any more', async () => {
    const sudo = fakeSudo('sesame');
    const given = { user: 'deploy', sudoPassword: 'sesame' };
    const { server, transport } = await oneHost({ env: sudo.env, ignoreSignals: true }, given);
    const slow = transport.run('sh', ['-c', 'trap "" TERM; sleep 1000 & sleep 1000; sleep 1000'], {
      timeoutMs: 400,
    });
    expect((await slow).status).toBe(124);
    expect(server.processes.size).toBe(0);
  });
});
