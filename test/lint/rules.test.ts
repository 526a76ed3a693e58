import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lint } from '../../src/lint/lint.js';

const good = `global
    stats socket /run/haproxy/admin.sock mode 660 level admin expose-fd listeners
defaults
    mode tcp
    option clitcpka
    option srvtcpka
    option redispatch
    timeout client 3h
    timeout server 3h
listen rabbit
    bind :5672
    balance leastconn
    option httpchk
    http-check connect port 15672
    http-check send meth GET uri /api/health/checks/port-listener/5672
    http-check expect status 200
    server a 192.0.2.1:5672 check
    server b 192.0.2.2:5672 check
`;
const conf = `global_defs {
    enable_script_security
    script_user nobody
}
vrrp_script check {
    script "/etc/keepalived/check.sh"
    interval 2
    timeout 1
}
vrrp_instance one
{
    state BACKUP
    nopreempt
    interface eth0
    virtual_router_id 10
    priority 100
    unicast_src_ip 192.0.2.4
    unicast_peer { 192.0.2.5 }
    virtual_ipaddress { 192.0.2.10/24 dev eth0 label eth0:vip }
    track_script { check }
}
`;

function rules(text: string): string[] {
  return lint([{ path: 'it', text }]).map(({ line, rule }) => `${line} ${rule}`);
}

test('what is right is left alone', () => {
  expect(rules(good)).toEqual([]);
  expect(rules(conf)).toEqual([]);
});

/** A change to what is right, and what is found then, with its line. */
test.each([
  ['timeout client 3h', 'timeout client 3600', '8 timeout-against-heartbeat'],
  ['timeout client 3h', 'timeout client 50m', '8 timeout-against-heartbeat'],
  ['    timeout server 3h\n', '', '9 no-timeout'],
  ['mode tcp', 'mode health', '4 removed-keyword'],
  ['mode 660', 'mode 666', '2 open-socket'],
  [' expose-fd listeners', '', '2 reload-drops'],
  ['192.0.2.2:5672 check', '192.0.2.2:5672', '18 no-check'],
  ['    option httpchk\n', '', '16 shallow-check'],
  ['/api/health/checks/port-listener/5672', '/api/health/checks/local-alarms', '15 alarm-check'],
  ['/api/health/checks/port-listener/5672', '/api/aliveness-test/%2F', '15 deprecated-check'],
  ['    http-check connect port 15672\n', '', '16 http-check-port'],
  ['192.0.2.2:5672', 'mq2.example.com:5672', '18 unresolved-name'],
  ['192.0.2.1:5672 check', '192.0.2.1:5672 check send-proxy-v2', '18 proxy-protocol'],
  ['listen rabbit', 'listen page\n    mode http\n    stats enable\nlisten rabbit', '12 open-stats'],
])('HAProxy: %s → %s', (was, is, expected) => {
  expect(rules(good.replace(was, is))).toEqual([expected]);
});

test('alarms and shutdown-sessions together cut the consumers that would drain', () => {
  const text = good
    .replace('port-listener/5672', 'alarms')
    .replace('balance leastconn', 'default-server on-marked-down shutdown-sessions');
  const [found] = lint([{ path: 'it', text }]).filter(({ rule }) => rule === 'alarm-check');
  expect(found!.why).toContain('consumers that would drain');
});

test.each([
  ['nopreempt', 'nopreempt\n    state MASTER', '14 state-master'],
  ['timeout 1', 'timeout 1\n    weight -20', '9 weight-with-nopreempt'],
  ['    timeout 1\n', '', '5 no-script-timeout'],
  ['"/etc/keepalived/check.sh"', '"/tmp/check.sh"', '6 writable-script'],
  ['"/etc/keepalived/check.sh"', '"killall -0 haproxy"', '6 process-check'],
  ['    enable_script_security\n', '', '1 script-security'],
  ['script_user nobody', 'script_user nobody\n    vrrp_strict', '4 strict'],
  ['    track_script { check }\n', '', '10 nothing-tracked'],
  ['priority 100', 'priority 100\n    track_interface { eth0 }', '17 own-interface'],
  ['eth0:vip', 'eth0:virtual-address', '19 long-label'],
  ['virtual_router_id 10', 'virtual_router_id 256', '15 out-of-range'],
  ['    virtual_router_id 10\n', '', '10 out-of-range'],
  ['priority 100', 'advert_int 0.5', '10 fraction'],
  ['priority 100', 'authentication { auth_type PASS\n auth_pass 123456789 }', '17 long-password'],
  [
    'script_user nobody',
    'vrrp_version 3\n}\nvrrp_instance x { virtual_router_id 1\n track_script { check }\n authentication {\n } ',
    '7 version-3-password',
  ],
  ['priority 100', 'authentification { }', '16 unknown-keyword'],
])('Keepalived: %s → %s', (was, is, expected) => {
  expect(rules(conf.replace(was, is))).toEqual([expected]);
});

test('two instances of one number on one network', () => {
  expect(rules(`${conf}${conf.slice(conf.indexOf('vrrp_instance')).replace('one', 'two')}`)).toEqual([
    '27 same-vrid',
  ]);
});

test('any text is read to its end', () => {
  const words = fc.constantFrom(
    'global',
    'listen x',
    'server a b',
    '{',
    '}',
    'vrrp_instance a',
    '"',
    "'",
    '\\',
    '#',
    '\n',
    ' ',
    'check',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(words, fc.string())), (parts) => {
      for (const begin of ['global\n', 'vrrp_instance v {\n', '#!/bin/sh\n']) {
        const text = `${begin}${parts.join(' ')}`;
        for (const { line } of lint([{ path: 'it', text }])) {
          expect(line).toBeGreaterThan(0);
          expect(line).toBeLessThanOrEqual(text.split('\n').length);
        }
      }
    }),
  );
});
