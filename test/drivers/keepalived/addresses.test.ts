import { expect, test } from 'vitest';
import { addressesOn, parseAddresses } from '../../../src/drivers/keepalived/addresses.js';
import { localTransport } from '../../../src/drivers/transport/local.js';
import { hasProgram } from '../../render/system.js';

test('addresses of all interfaces, of both families', () => {
  const json =
    '[{"ifname":"eth0","addr_info":[{"local":"192.0.2.104"},{"local":"192.0.2.110"}]},{},{"addr_info":[{"local":"::1"}]}]';
  expect(parseAddresses(json)).toEqual(['192.0.2.104', '192.0.2.110', '::1']);
  expect(parseAddresses('')).toEqual([]);
});

test.runIf(hasProgram('ip'))("this machine's", async () => {
  expect(await addressesOn(localTransport)).toContain('127.0.0.1');
});
