/** Every method that the broker answers is asked by a twin scenario, through a channel that is written down or by raw frames. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { channelMethods } from '../../src/broker/connection/methods/index.js';

const folder = path.resolve(import.meta.dirname, '../twin/amqp');
const scenarios = readdirSync(folder)
  .map((file) => readFileSync(path.join(folder, file), 'utf8'))
  .join('\n');

const connectionMethods = [
  'connection.start-ok',
  'connection.tune-ok',
  'connection.open',
  'connection.close',
  'connection.close-ok',
  'connection.update-secret',
];

/** What scenarios call where they do not write frames. */
const calls: Readonly<Record<string, string>> = {
  'exchange.bind': 'bindExchange',
  'exchange.unbind': 'unbindExchange',
  'queue.unbind': 'unbindQueue',
  'basic.reject': 'reject',
  'basic.nack': 'nack',
};

it.each([...Object.keys(channelMethods), ...connectionMethods])('%s is asked by a twin', (name) => {
  const written = name.replaceAll(/(?:^|[.-])(\w)/g, (_, letter: string) => letter.toUpperCase());
  const ways = [`'${written}'`, ...(calls[name] === undefined ? [] : [`ch.${calls[name]}(`])];
  expect(ways.filter((way) => scenarios.includes(way))).not.toEqual([]);
});
