/** Commands and the state of the application: what is refused while it is stopped, and while it runs. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { host, Stage } from './stage.js';

const stage = new Stage();
const node = `hare@${host}`;
beforeAll(async () => void (await stage.start('hare')));
afterAll(() => stage.close());

const usage = (text: string) => expect.stringMatching(new RegExp(`^Error: ${text}`));

describe('a node whose application runs', () => {
  it.each(['reset', 'force_reset'])('refuses %s', async (command) => {
    expect(await stage.ctl('hare', command)).toEqual({
      status: 64,
      stdout: '',
      stderr: `Error: this command requires the 'rabbit' app to be stopped on the target node. Stop it with 'rabbitmqctl stop_app'.\nArguments given:\n\t-n hare ${command}\n\n\u001b[1mUsage\u001b[0m\n\nrabbitmqctl [--node <node>] [--longnames] [--quiet] ${command}\n`,
    });
  });

  it('starts again without a word', async () => {
    expect(await stage.ctl('hare', 'start_app')).toEqual({
      status: 0,
      stdout: `Starting node ${node} ...\n`,
      stderr: '',
    });
  });

  it('answers await_startup and wait', async () => {
    expect(await stage.ctl('hare', 'await_startup')).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(await stage.ctl('hare', 'wait', '--pid', String(process.pid))).toEqual({
      status: 0,
      stdout: `Waiting for erlang distribution on node '${node}' while OS process '${process.pid}' is running\nWaiting for applications 'rabbit_and_plugins' to start on node '${node}'\nApplications 'rabbit_and_plugins' are running on node '${node}'\n`,
      stderr: '',
    });
    expect(await stage.ctl('hare', 'wait', '--pid', '999999999')).toMatchObject({
      status: 69,
      stderr: 'Error:\nprocess_not_running\n',
    });
    expect(await stage.ctl('hare', 'wait', '/nowhere/pid', '-t', '1')).toEqual({
      status: 75,
      stdout: "Waiting for pid file '/nowhere/pid' to appear\n",
      stderr: `Error: operation wait on node ${node} timed out. Timeout value used: 1000\n`,
    });
  });
});

describe('a node whose application is stopped', () => {
  beforeAll(async () => void (await stage.ctl('hare', 'stop_app')));
  afterAll(async () => void (await stage.ctl('hare', 'start_app')));

  it('has stopped', async () => {
    expect(await stage.ctl('hare', 'stop_app')).toEqual({
      status: 0,
      stdout: `Stopping rabbit application on node ${node} ...\n`,
      stderr: '',
    });
  });

  it.each([
    'status',
    'cluster_status',
    'list_users',
    'list_queues',
    'add_user a b',
    'list_vhosts',
    'list_policies',
    'trace_on',
    'set_cluster_name foo',
    'report',
  ])('refuses %s', async (line) => {
    const printed = await stage.ctl('hare', ...line.split(' '));
    expect(printed).toEqual({
      status: 64,
      stdout: '',
      stderr: usage(
        "this command requires the 'rabbit' app to be running on the target node. Start it with 'rabbitmqctl start_app'.",
      ),
    });
  });

  it('still answers what is about the process', async () => {
    expect(await stage.ctl('hare', 'ping', '-q')).toMatchObject({ status: 0, stdout: 'Ping succeeded\n' });
    expect(await stage.run('rabbitmq-diagnostics', ['-n', 'hare', 'check_running', '-q'])).toEqual({
      status: 69,
      stdout: '',
      stderr: `Error:\nRabbitMQ on node ${node} is not running or has not fully booted yet (check with is_booting)\n`,
    });
    expect(await stage.run('rabbitmq-diagnostics', ['-n', 'hare', 'server_version', '-q'])).toMatchObject({
      stdout: '3.10.8\n',
    });
    expect(await stage.ctl('hare', 'await_startup', '-t', '1')).toEqual({
      status: 69,
      stdout: '',
      stderr: 'Error:\nrabbit_is_not_running\n',
    });
  });

  it('cannot be joined to itself, nor to a node that is not there', async () => {
    expect(await stage.ctl('hare', 'join_cluster', 'hare')).toEqual({
      status: 70,
      stdout: `Clustering node ${node} with hare\n`,
      stderr: `Error:\nError: cannot cluster node with itself: ${node}\n`,
    });
    const nowhere = await stage.ctl('hare', 'join_cluster', 'nosuch');
    expect(nowhere.status).toBe(69);
    expect(nowhere.stderr).toMatch(`unable to perform an operation on node 'nosuch@${host}'`);
  });

  it('is emptied by reset', async () => {
    await stage.ctl('hare', 'start_app');
    await stage.ctl('hare', 'add_user', 'alice', 'secret');
    await stage.ctl('hare', 'stop_app');
    expect(await stage.ctl('hare', 'reset')).toEqual({
      status: 0,
      stdout: `Resetting node ${node} ...\n`,
      stderr: '',
    });
    await stage.ctl('hare', 'start_app');
    expect((await stage.ctl('hare', 'list_users', '-s')).stdout).toBe('guest\t[administrator]\n');
    await stage.ctl('hare', 'stop_app');
  });
});
