import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  pluginRefusal,
  readEnabledPlugins,
  withRequired,
  writeEnabledPlugins,
} from '../../../src/broker/config/plugins.js';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'plugins-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

it('reads and writes the enabled_plugins file', () => {
  const file = join(directory, 'deep', 'enabled_plugins');
  expect(readEnabledPlugins(file)).toEqual([]);
  writeEnabledPlugins(file, ['rabbitmq_management', 'rabbitmq_web_dispatch']);
  expect(readFileSync(file, 'utf8')).toBe('[rabbitmq_management,rabbitmq_web_dispatch].\n');
  expect(readEnabledPlugins(file)).toEqual(['rabbitmq_management', 'rabbitmq_web_dispatch']);
});

it('says where a file that cannot be understood is wrong', () => {
  const file = join(directory, 'broken');
  writeFileSync(file, '[rabbitmq_management');
  expect(() => readEnabledPlugins(file)).toThrow(/broken: expected "," or "\]" at character 21/);
  writeFileSync(file, '{a}.');
  expect(() => readEnabledPlugins(file)).toThrow(/is not a list of plugin names/);
});

it('brings the plugins that a plugin requires', () => {
  expect(withRequired(['rabbitmq_management'])).toEqual([
    'rabbitmq_management',
    'rabbitmq_management_agent',
    'rabbitmq_web_dispatch',
  ]);
});

it('refuses what it does not have, and knows what was meant', () => {
  expect(pluginRefusal(['rabbitmq_management'])).toBeNull();
  expect(pluginRefusal(['rabbitmq_managment'])).toMatch(/did you mean rabbitmq_management\?/);
  expect(pluginRefusal(['rabbitmq_mqtt'])).toMatch(/does not have rabbitmq_mqtt/);
});
