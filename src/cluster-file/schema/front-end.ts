import { isIP } from 'node:net';
import { z } from 'zod';
import { checkUser } from '../front-end.js';
import { ssh } from './ssh.js';
import { address, duration, hostName, port, secret, userName } from './words.js';

const virtualAddress = z
  .string()
  .refine((text) => /^[^/]+(\/\d{1,3})?$/.test(text) && isIP(text.replace(/\/.*/, '')) !== 0, {
    error: 'must be an IP address, with or without a prefix length (192.0.2.10 or 192.0.2.10/24)',
  });

/** What a network interface may be called: IFNAMSIZ leaves 15 characters. */
const networkInterface = z
  .string()
  .regex(/^[^\s/]{1,15}$/, 'must be the name of a network interface, 15 characters at most');

const haproxy = z.strictObject({
  amqp_port: port.default(5672),
  amqps_port: port.default(5671).describe('Used with tls: passthrough.'),
  management_port: port.default(15_672),
  management_tls_port: port
    .default(15_671)
    .describe('Used with tls: passthrough, where the brokers have management over TLS.'),
  stats_port: port.default(8100),
  stats_user: userName.default('admin'),
  stats_password: secret.default('generate'),
  check_user: userName
    .default(checkUser)
    .describe('The user, made on the cluster, that the health check of HAProxy logs in as.'),
  check_password: secret.default('generate'),
  balance: z.enum(['leastconn', 'roundrobin', 'source', 'first']).default('leastconn'),
  maxconn: z.int().min(10).default(10_000),
  timeouts: z
    .strictObject({
      connect: duration.default('5s'),
      client: duration.default('3h').describe('Longer than every heartbeat: AMQP connections may be idle.'),
      server: duration.default('3h'),
      check: duration.default('1500ms'),
    })
    .prefault({}),
  tls: z
    .enum(['none', 'passthrough'])
    .optional()
    .describe(
      'passthrough: 5671 as well, decrypted by the brokers; that is so where rabbitmq: has tls, unless none is given.',
    ),
});

/** HAProxy and Keepalived before the brokers. */
export const frontEnd = z.strictObject({
  hosts: z
    .array(
      z.strictObject({
        name: hostName,
        address,
        ssh: ssh.optional(),
        interface: networkInterface.optional(),
      }),
    )
    .min(1),
  virtual_addresses: z
    .array(virtualAddress)
    .default([])
    .describe('The addresses that clients use; none for a single balancer, two for active/active.'),
  interface: networkInterface
    .optional()
    .describe('That carries the virtual addresses; found from the address of the host unless given.'),
  vrid: z
    .int()
    .min(1, 'must be from 1 to 255 (VRRP keeps it in one byte)')
    .max(255, 'must be from 1 to 255 (VRRP keeps it in one byte)')
    .default(110)
    .describe('The virtual router id, unique on its network; active/active takes the next one as well.'),
  auth_pass: secret
    .optional()
    .describe(
      'A password for VRRP, 8 characters at most: it makes failover slower, and is sent in the clear.',
    ),
  mode: z.enum(['active/passive', 'active/active']).default('active/passive'),
  without_brokers: z
    .enum(['keep', 'release'])
    .default('keep')
    .describe('Whether a balancer that sees no broker keeps the virtual address.'),
  haproxy: haproxy.prefault({}),
});
