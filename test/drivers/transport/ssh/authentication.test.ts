import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { AuthContext, ParsedKey } from 'ssh2';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { SecretQuestion } from '../../../../src/drivers/transport/ssh/target.js';
import {
  keyFile,
  oneHost,
  reportOfFailure,
  targetOf,
  testFolder,
  testNetwork,
  testServer,
} from './one-host.js';

/** Lets that key in and nothing else, as sshd does: the signature has to be right. */
function onlyKey(key: ParsedKey) {
  return (attempt: AuthContext) => {
    if (attempt.method !== 'publickey' || !key.getPublicSSH().equals(attempt.key.data))
      return attempt.reject(['publickey']);
    if (!attempt.signature) return attempt.accept();
    if (key.verify(attempt.blob!, attempt.signature, attempt.hashAlgo)) attempt.accept();
    else attempt.reject();
  };
}

function onlyPassword(right: string) {
  return (attempt: AuthContext) => {
    if (attempt.method === 'password' && attempt.password === right) attempt.accept();
    else attempt.reject(['password']);
  };
}

/** Answers questions from a list, and keeps them. */
function answering(...answers: string[]) {
  const asked: SecretQuestion[] = [];
  const ask = async (question: SecretQuestion) => {
    asked.push(question);
    return answers.shift() ?? '';
  };
  return { asked, ask };
}

describe('a login', () => {
  it('takes a key', async () => {
    const key = keyFile();
    const { transport } = await oneHost({ authenticate: onlyKey(key.public) }, { keys: [key.file] });
    expect((await transport.run('true', [])).status).toBe(0);
  });

  it('takes the second key when the first is not wanted', async () => {
    const [first, second] = [keyFile(), keyFile()];
    const keys = [first.file, second.file];
    const { transport } = await oneHost({ authenticate: onlyKey(second.public) }, { keys });
    expect((await transport.run('true', [])).status).toBe(0);
  });

  it('opens an encrypted key with the passphrase it was given', async () => {
    const key = keyFile('open sesame');
    const given = { keys: [key.file], passphrase: 'open sesame' };
    const { transport } = await oneHost({ authenticate: onlyKey(key.public) }, given);
    expect((await transport.run('true', [])).status).toBe(0);
  });

  it('asks for a passphrase once for all hosts, again when it was wrong', async () => {
    const key = keyFile('open sesame');
    const { asked, ask } = answering('wrong', 'open sesame');
    const network = testNetwork({ ask });
    const hosts = await Promise.all([1, 2, 3].map(() => testServer({ authenticate: onlyKey(key.public) })));
    const results = await Promise.all(
      hosts.map((server) => network.transport(targetOf(server, { keys: [key.file] })).run('true', [])),
    );
    expect(results.map(({ status }) => status)).toEqual([0, 0, 0]);
    expect(asked).toEqual([
      { kind: 'passphrase', text: `passphrase of ${key.file}`, wrong: 0 },
      { kind: 'passphrase', text: `passphrase of ${key.file}`, wrong: 1 },
    ]);
  });

  it('says which key it cannot use, and why', async () => {
    const key = keyFile('open sesame');
    const { server, network } = await oneHost({ authenticate: onlyKey(key.public) });
    const wrong = network.transport(targetOf(server, { keys: [key.file], passphrase: 'wrong' }));
    expect(await reportOfFailure(wrong.run('true', []))).toMatchObject({
      code: 'SSH_KEY_UNUSABLE',
      message: `the key ${key.file} cannot be used: the passphrase is wrong`,
    });
    const none = network.transport(targetOf(server, { keys: ['/nowhere/key'] }));
    expect((await reportOfFailure(none.run('true', []))).message).toContain('/nowhere/key');
    const text = network.transport(targetOf(server, { keys: ['/etc/passwd'] }));
    expect((await reportOfFailure(text.run('true', []))).code).toBe('SSH_KEY_UNUSABLE');
  });

  it('takes a key of the agent', async () => {
    const key = keyFile();
    const agent = join(testFolder(), 'agent');
    const daemon = spawn('ssh-agent', ['-D', '-a', agent], { stdio: 'ignore' });
    onTestFinished(() => void daemon.kill());
    while (!existsSync(agent)) await new Promise((resolve) => setTimeout(resolve, 5));
    const add = spawn('ssh-add', ['-q', key.file], { env: { ...process.env, SSH_AUTH_SOCK: agent } });
    await new Promise((resolve) => add.once('close', resolve));
    const { transport } = await oneHost({ authenticate: onlyKey(key.public) }, { agent });
    expect((await transport.run('true', [])).status).toBe(0);
  });

  it('goes on to the password when the agent is not there', async () => {
    const { transport } = await oneHost(
      { authenticate: onlyPassword('right') },
      { agent: '/nowhere/agent', password: 'right' },
    );
    expect((await transport.run('true', [])).status).toBe(0);
  });

  it('takes a password, by either of the two ways to give one', async () => {
    const plain = await oneHost({ authenticate: onlyPassword('right') }, { password: 'right' });
    expect((await plain.transport.run('true', [])).status).toBe(0);
    const interactive = (attempt: AuthContext) => {
      if (attempt.method !== 'keyboard-interactive') return attempt.reject(['keyboard-interactive']);
      attempt.prompt([{ prompt: 'Password: ', echo: false }], ([answer]) =>
        answer === 'right' ? attempt.accept() : attempt.reject(['keyboard-interactive']),
      );
    };
    const pam = await oneHost({ authenticate: interactive }, { password: 'right' });
    expect((await pam.transport.run('true', [])).status).toBe(0);
  });

  it('asks for a password when there is none, up to three times', async () => {
    const { asked, ask } = answering('wrong', 'wrong again', 'right');
    const { server, network } = await oneHost({ authenticate: onlyPassword('right') }, {}, { ask });
    const { password: _, ...target } = targetOf(server, { user: 'deploy', sudo: false });
    expect((await network.transport(target).run('true', [])).status).toBe(0);
    expect(asked.map(({ text, wrong }) => [text, wrong])).toEqual([
      ['password of deploy', 0],
      ['password of deploy', 1],
      ['password of deploy', 2],
    ]);
  });

  it('asks for no password that the host would not take', async () => {
    const { asked, ask } = answering();
    const { server, network } = await oneHost(
      { authenticate: (attempt) => attempt.reject(['publickey']) },
      {},
      { ask },
    );
    const { password: _, ...target } = targetOf(server, { keys: [keyFile().file] });
    expect((await reportOfFailure(network.transport(target).run('true', []))).code).toBe(
      'HOST_REFUSED_LOGIN',
    );
    expect(asked).toEqual([]);
  });

  it('gives a key and a password where both are wanted', async () => {
    const key = keyFile();
    let keyGiven = false;
    const authenticate = (attempt: AuthContext) => {
      if (!keyGiven && attempt.method === 'publickey') {
        if (!attempt.signature) return attempt.accept();
        keyGiven = true;
        return attempt.reject(['password'], true);
      }
      if (keyGiven && attempt.method === 'password' && attempt.password === 'right') return attempt.accept();
      attempt.reject(keyGiven ? ['password'] : ['publickey']);
    };
    const { transport } = await oneHost({ authenticate }, { keys: [key.file], password: 'right' });
    expect((await transport.run('true', [])).status).toBe(0);
  });

  it('says what was tried when nothing helped, and tries a wrong password once', async () => {
    const key = keyFile();
    let attempts = 0;
    const authenticate = (attempt: AuthContext) => {
      if (attempt.method === 'password') attempts += 1;
      attempt.reject(['publickey', 'password']);
    };
    const { server, transport } = await oneHost({ authenticate }, { keys: [key.file], password: 'wrong' });
    expect(await reportOfFailure(transport.run('true', []))).toMatchObject({
      code: 'HOST_REFUSED_LOGIN',
      exit: 77,
      message: `server1 (127.0.0.1:${server.port}) does not let root in (tried: key ${key.file}, a password)`,
    });
    expect(attempts).toBe(1);
  });
});
