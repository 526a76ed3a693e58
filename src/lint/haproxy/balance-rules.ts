import { isIP } from 'node:net';
import type { Found } from '../finding.js';
import type { AmqpProxy } from './amqp.js';
import { after, hasOption, type Line, type Section, setting } from './parse.js';

/** How connections are spread, and to whom. */
export function balanceRules({ back, servers }: AmqpProxy): Found[] {
  return [
    ...algorithm(back, servers),
    ...redispatch(back),
    ...names(back, servers),
    ...proxyProtocol(servers),
  ];
}

function algorithm(back: Section, servers: readonly Line[]): Found[] {
  const line = setting(back, 'balance');
  const value = line?.words[1] ?? 'roundrobin';
  const others = servers.filter(({ words }) => !words.includes('backup'));
  if (others.length < 2 || (value !== 'roundrobin' && value !== 'static-rr')) return [];
  return [
    {
      line: line?.line ?? back.line,
      severity: 'warning',
      rule: 'round-robin',
      problem: `connections are spread by ${value}`,
      why: 'AMQP connections live for days: after a broker was away, its share of new ones is no more than the others get',
      instead: '`balance leastconn`',
    },
  ];
}

function redispatch(back: Section): Found[] {
  if (hasOption(back, 'redispatch')) return [];
  return [
    {
      line: back.line,
      severity: 'warning',
      rule: 'no-redispatch',
      problem: `${back.name} has no option redispatch`,
      why: 'until the check has failed, a connection to a broker that just died is tried there again and again, then refused',
      instead: '`option redispatch`',
    },
  ];
}

function names(back: Section, servers: readonly Line[]): Found[] {
  const resolved = setting(back, 'default-server');
  return servers
    .filter(({ words }) => isName(words[2] ?? ''))
    .filter((server) => [server, resolved].every((line) => !line || after(line, 'init-addr') === undefined))
    .map(({ line, words }) => ({
      line,
      severity: 'warning',
      rule: 'unresolved-name',
      problem: `server ${words[1]} is named ${words[2]}, which must resolve when HAProxy starts`,
      why: 'where the name service is late or away, HAProxy does not start at all',
      instead: 'an address, or `init-addr last,libc,none` with `resolvers`',
    }));
}

function isName(address: string): boolean {
  const host = address.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
  return !/^[/@$*]|^(unix|abns|ipv4|ipv6)@/.test(host) && host !== '' && isIP(host) === 0;
}

function proxyProtocol(servers: readonly Line[]): Found[] {
  const sends = (line: Line) => line.words.some((word) => /^send-proxy/.test(word));
  const without = servers.find((server) => !sends(server));
  if (!without || !servers.some(sends)) return [];
  return [
    {
      line: without.line,
      severity: 'error',
      rule: 'proxy-protocol',
      problem: `server ${without.words[1]} gets no PROXY header, and others do`,
      why: 'a broker expects one on every connection or on none: those that do not match are refused',
      instead: '`send-proxy-v2` on all (with proxy_protocol = true in rabbitmq.conf), or on none',
    },
  ];
}
