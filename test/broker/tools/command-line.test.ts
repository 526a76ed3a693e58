/** What needs no node: help, versions, unknown commands, wrong lines; and nodes that cannot be talked to. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tools } from '../../../src/broker/tools/catalogue.js';
import { host, Stage } from './stage.js';

const stage = new Stage();
afterAll(() => stage.close());

describe('without a node', () => {
  it('says how it is used, with status 64, when no command is given', async () => {
    const { status, stdout, stderr } = await stage.run('rabbitmqctl', []);
    expect([status, stdout]).toEqual([64, '']);
    expect(stderr).toContain(
      '\n\u001b[1mUsage\u001b[0m\n\nrabbitmqctl [--node <node>] [--timeout <timeout>] [--longnames] [--quiet] <command> [<command options>]\n',
    );
    expect(await stage.run('rabbitmqctl', ['help'])).toEqual({ status: 0, stdout: stderr, stderr: '' });
  });

  it.each([['--version'], ['version']])('rabbitmqctl %s', async (word) => {
    expect(await stage.run('rabbitmqctl', [word])).toEqual({ status: 0, stdout: '3.10.8\n', stderr: '' });
  });

  it('shows the usage of a command', async () => {
    const asked = await stage.run('rabbitmqctl', ['help', 'add_user']);
    expect(asked.stdout).toContain(
      'rabbitmqctl [--node <node>] [--longnames] [--quiet] add_user <username> <password>\n',
    );
    expect(await stage.run('rabbitmqctl', ['add_user', '--help'])).toEqual(asked);
  });

  it('completes words', async () => {
    expect(await stage.run('rabbitmqctl', ['autocomplete', 'list_us'])).toEqual({
      status: 0,
      stdout: 'list_user_limits\nlist_user_permissions\nlist_user_topic_permissions\nlist_users\n',
      stderr: '',
    });
  });

  it('knows what was meant', async () => {
    expect(await stage.run('rabbitmqctl', ['list_queus'])).toEqual({
      status: 64,
      stdout: '',
      stderr: "\nCommand 'list_queus' not found. \nDid you mean 'list_queues'? \n\n",
    });
    expect((await stage.run('rabbitmq-queues', ['list_queues'])).stderr).toMatch(
      /^\nCommand 'list_queues' not found. \n\n.*Usage/,
    );
  });

  it('has a usage line for every command that is there, and says so of every other', async () => {
    for (const [tool, { commands }] of Object.entries(tools)) {
      for (const [name, { load }] of Object.entries(commands)) {
        const { status, stdout } = await stage.run(tool, ['help', name]);
        expect(status, `${tool} help ${name}`).toBe(0);
        expect(stdout, `${tool} help ${name}`).toMatch(load ? 'Usage' : 'does not have');
        if (load !== null) continue;
        const tried = await stage.run(tool, [name]);
        expect([name, tried.status, tried.stdout]).toEqual([name, 64, '']);
        expect(tried.stderr).toContain(
          'is a command of RabbitMQ 3.10.8 that the bundled broker does not have',
        );
      }
    }
  });
});

describe('a node that is not there', () => {
  it('is told with what was tried, and status 69', async () => {
    const { status, stdout, stderr } = await stage.ctl('nosuch', 'list_users');
    expect([status, stdout]).toEqual([69, '']);
    expect(stderr).toContain(`Error: unable to perform an operation on node 'nosuch@${host}'. Please see`);
    expect(stderr).toContain(
      `DIAGNOSTICS\n===========\n\nattempted to contact: [nosuch@${host}]\n\nnosuch@${host}:\n`,
    );
    expect(stderr).toContain("node 'nosuch' not running at all");
    expect(stderr).toContain('  * suggestion: start the node\n\nCurrent node details:\n');
    expect(stderr).toMatch(/ \* Erlang cookie hash: \S+==\n\n$/);
  });

  it('does not answer a ping', async () => {
    expect(await stage.ctl('nosuch', 'ping')).toEqual({
      status: 69,
      stdout: `Will ping nosuch@${host}. This only checks if the OS process is running and registered with epmd. Timeout: 60000 ms.\n`,
      stderr: `Error:\nFailed to connect and authenticate to nosuch@${host} in 60000 ms\n`,
    });
  });

  it('can have its plugins changed for its next start', async () => {
    const plugins = (...argv: string[]) => stage.run('rabbitmq-plugins', ['-n', 'nosuch', ...argv]);
    expect(await plugins('enable', 'rabbitmq_management')).toEqual({
      status: 0,
      stdout: `Enabling plugins on node nosuch@${host}:\nrabbitmq_management\nThe following plugins have been configured:\n  rabbitmq_management\n  rabbitmq_management_agent\n  rabbitmq_web_dispatch\nApplying plugin configuration to nosuch@${host}...\nThe following plugins have been enabled:\n  rabbitmq_management\n  rabbitmq_management_agent\n  rabbitmq_web_dispatch\n\nset 3 plugins.\nOffline change; changes will take effect at broker restart.\n`,
      stderr: '',
    });
    expect((await plugins('list', '-e')).stdout).toBe(
      `Listing plugins with pattern ".*" ...\n Configured: E = explicitly enabled; e = implicitly enabled\n | Status: [failed to contact nosuch@${host} - status not shown]\n |/\n[E ] rabbitmq_management       3.10.8\n[e ] rabbitmq_management_agent 3.10.8\n[e ] rabbitmq_web_dispatch     3.10.8\n`,
    );
    expect((await plugins('is_enabled', 'rabbitmq_management')).status).toBe(64);
  });
});

describe('another cookie', () => {
  const home = join(stage.home, 'other');
  beforeAll(async () => {
    await stage.start('hare');
    mkdirSync(home);
    writeFileSync(join(home, '.erlang.cookie'), 'OTHER', { mode: 0o400 });
  });

  it('is refused, and suspected', async () => {
    const { status, stderr } = await stage.run('rabbitmqctl', ['-n', 'hare', 'list_users'], '', {
      HOME: home,
    });
    expect(status).toBe(69);
    expect(stderr).toContain(
      '  * TCP connection succeeded but Erlang distribution failed \n  * suggestion: check if the Erlang cookie is identical',
    );
    expect((await stage.run('rabbitmqctl', ['-n', 'hare', 'ping'], '', { HOME: home })).status).toBe(69);
  });

  it('that others can read is refused with status 78', async () => {
    chmodSync(join(home, '.erlang.cookie'), 0o644);
    const { status, stderr } = await stage.run('rabbitmqctl', ['-n', 'hare', 'status'], '', { HOME: home });
    expect(status).toBe(78);
    expect(stderr).toContain(`Cookie file ${home}/.erlang.cookie must be accessible by owner only`);
  });
});
