import { describe, expect, it } from 'vitest';
import { FakeTransport } from '../../../src/drivers/transport/fake.js';

describe('the fake host', () => {
  it('answers as it was told, last word first, and writes down what was run', async () => {
    const host = new FakeTransport('server2')
      .answer(/^apt-get /, { status: 100, stderr: 'E: no\n' })
      .answer('apt-get update', 'done\n');
    expect(await host.run('apt-get', ['update'], { input: 'secret', env: { LC_ALL: 'C' } })).toEqual({
      status: 0,
      stdout: 'done\n',
      stderr: '',
    });
    expect((await host.run('apt-get', ['install'])).status).toBe(100);
    expect(host.lines).toEqual(['apt-get update', 'apt-get install']);
    expect(host.log[0]).toMatchObject({ act: 'run', input: 'secret', env: { LC_ALL: 'C' } });
  });

  it('takes no command that nobody told it about', async () => {
    await expect(new FakeTransport().run('reboot', [])).rejects.toThrow('reboot');
  });

  it('lets a command change its files', async () => {
    const host = new FakeTransport();
    host.answer('rabbitmq-plugins enable x', () => {
      host.place('/etc/rabbitmq/enabled_plugins', '[x].');
      return '';
    });
    await host.run('rabbitmq-plugins', ['enable', 'x']);
    expect(await host.readFile('/etc/rabbitmq/enabled_plugins')).toBe('[x].');
  });

  it('gives files and folders their modes and owners', async () => {
    const host = new FakeTransport().place('/etc/hosts', 'old', { mode: 0o777 });
    await host.writeFile('/etc/hosts', 'new', {
      mode: 0o400,
      owner: 'rabbitmq',
      group: 'rabbitmq',
      keep: true,
    });
    await host.makeFolder('/etc/warren/inner', 0o700, { owner: 'daemon' });
    expect(host.file('/etc/hosts')).toEqual({
      text: 'new',
      mode: 0o400,
      owner: 'rabbitmq',
      group: 'rabbitmq',
    });
    expect(host.file('/etc/hosts.warren-backup')?.mode).toBe(0o777);
    expect(host.folder('/etc/warren')).toEqual({ mode: 0o700, owner: 'daemon', group: 'root' });
    expect(host.log.map(({ act }) => act)).toEqual(['write', 'folder']);
  });

  it('fails as a whole when it is down, until it is up again', async () => {
    const host = new FakeTransport().answer('true', '');
    host.fail(new Error('no power'));
    await expect(host.run('true', [])).rejects.toThrow('no power');
    await expect(host.readFile('/etc/hosts')).rejects.toThrow('no power');
    host.fail(undefined);
    expect((await host.run('true', [])).status).toBe(0);
  });
});
