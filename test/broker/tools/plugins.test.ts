/** rabbitmq-plugins on a running node. Texts are those of RabbitMQ 3.10.8, with this broker's plugins. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { host, Stage } from './stage.js';

const stage = new Stage();
const node = `hare@${host}`;
beforeAll(async () => void (await stage.start('hare')));
afterAll(() => stage.close());

const plugins = (...argv: string[]) => stage.run('rabbitmq-plugins', ['-n', 'hare', ...argv]);
const file = () => readFileSync(join(stage.home, 'enabled_plugins'), 'utf8');
const configured =
  'The following plugins have been configured:\n  rabbitmq_management\n  rabbitmq_management_agent\n  rabbitmq_web_dispatch\n';

it('enables a plugin: it runs at once, and is in the file', async () => {
  expect(await plugins('enable', 'rabbitmq_management')).toEqual({
    status: 0,
    stdout: `Enabling plugins on node ${node}:\nrabbitmq_management\n${configured}Applying plugin configuration to ${node}...\nThe following plugins have been enabled:\n  rabbitmq_management\n  rabbitmq_management_agent\n  rabbitmq_web_dispatch\n\nstarted 3 plugins.\n`,
    stderr: '',
  });
  expect(file()).toBe('[rabbitmq_management].\n');
  const check = await stage.run('rabbitmq-diagnostics', [
    '-n',
    'hare',
    'check_protocol_listener',
    'http',
    '-q',
  ]);
  expect(check).toMatchObject({
    status: 0,
    stdout: `A listener for protocol http is running on node ${node}.\n`,
  });
});

it('says that nothing has changed', async () => {
  expect((await plugins('enable', 'rabbitmq_management', '-q')).stdout).toBe(
    `${configured}Applying plugin configuration to ${node}...\nPlugin configuration unchanged.\n`,
  );
  expect((await plugins('set', 'rabbitmq_management', '-q')).stdout).toBe(
    `${configured}Applying plugin configuration to ${node}...\nnothing to do.\n`,
  );
});

it('lists what is enabled and what runs', async () => {
  const legend = ` Configured: E = explicitly enabled; e = implicitly enabled\n | Status: * = running on ${node}\n |/\n`;
  expect((await plugins('list', '-e')).stdout).toBe(
    `Listing plugins with pattern ".*" ...\n${legend}[E*] rabbitmq_management       3.10.8\n[e*] rabbitmq_management_agent 3.10.8\n[e*] rabbitmq_web_dispatch     3.10.8\n`,
  );
  expect((await plugins('list', '-E', '-m')).stdout).toBe(
    'Listing plugins with pattern ".*" ...\nrabbitmq_management\n',
  );
  const listed = JSON.parse((await plugins('list', 'management$', '--formatter', 'json')).stdout) as {
    plugins: unknown[];
  };
  expect(listed.plugins).toContainEqual({
    enabled: 'enabled',
    name: 'rabbitmq_management',
    running: true,
    running_version: [51, 46, 49, 48, 46, 56],
    version: [51, 46, 49, 48, 46, 56],
  });
});

it('tells whether plugins are enabled', async () => {
  expect(await plugins('is_enabled', 'rabbitmq_management')).toEqual({
    status: 0,
    stdout: `Asking node ${node} if plugin rabbitmq_management is enabled...\nPlugin rabbitmq_management is enabled on node ${node}\n`,
    stderr: '',
  });
  expect(await plugins('is_enabled', 'rabbitmq_shovel', '-q')).toEqual({
    status: 69,
    stdout: '',
    stderr: `Error:\nPlugin rabbitmq_shovel is not enabled on node ${node}. Enabled plugins and dependencies: rabbitmq_management, rabbitmq_management_agent, rabbitmq_web_dispatch\n`,
  });
});

it('refuses plugins that are not there or not supported, and changes nothing', async () => {
  expect(await plugins('enable', 'nosuch', '-q')).toEqual({
    status: 70,
    stdout: '',
    stderr: 'Error:\n{:plugins_not_found, [:nosuch]}\n',
  });
  expect(await plugins('set', 'nosuch', '-q')).toEqual({
    status: 65,
    stdout: '',
    stderr: 'Error:\nThe following plugins were not found: nosuch\n',
  });
  const mqtt = await plugins('enable', 'rabbitmq_mqtt', '-q');
  expect(mqtt).toMatchObject({ status: 69, stdout: '' });
  expect(mqtt.stderr).toContain('the bundled broker does not have rabbitmq_mqtt');
  expect(file()).toBe('[rabbitmq_management].\n');
});

it('disables what requires a disabled plugin, too', async () => {
  expect((await plugins('disable', 'rabbitmq_web_dispatch')).stdout).toBe(
    `Disabling plugins on node ${node}:\nrabbitmq_web_dispatch\nAll plugins have been disabled.\nApplying plugin configuration to ${node}...\nThe following plugins have been disabled:\n  rabbitmq_management\n  rabbitmq_management_agent\n  rabbitmq_web_dispatch\n\nstopped 3 plugins.\n`,
  );
  expect(file()).toBe('[].\n');
  const check = await stage.run('rabbitmq-diagnostics', [
    '-n',
    'hare',
    'check_protocol_listener',
    'http',
    '-q',
  ]);
  expect(check.status).toBe(69);
});

it('prints JSON: what is configured, then what was done', async () => {
  const { stdout } = await plugins('enable', 'rabbitmq_management', '--formatter', 'json');
  const all = ['rabbitmq_management', 'rabbitmq_management_agent', 'rabbitmq_web_dispatch'];
  expect(JSON.parse(stdout)).toEqual([
    all,
    { enabled: all, mode: 'online', set: all, started: expect.any(Array), stopped: [] },
  ]);
});
