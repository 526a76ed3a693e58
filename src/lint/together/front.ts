import type { Finding, LintFile } from '../finding.js';
import { amqpProxies, bindAddress, portOf } from '../haproxy/amqp.js';
import { linesOf, parseHaproxy } from '../haproxy/parse.js';
import { blocks, listOf, parseKeepalived } from '../keepalived/parse.js';

/** Whether HAProxy listens on the addresses that Keepalived moves. */
export function frontRules(haproxy: readonly LintFile[], keepalived: readonly LintFile[]): Finding[] {
  const virtual = new Set(
    keepalived
      .flatMap(({ text }) => blocks(parseKeepalived(text), 'vrrp_instance'))
      .flatMap((instance) => listOf(instance, 'virtual_ipaddress'))
      .map(({ value }) => value.replace(/\/\d+$/, '')),
  );
  return haproxy.flatMap((file) =>
    amqpProxies(parseHaproxy(file.text)).flatMap(({ front }): Finding[] => {
      const binds = linesOf(front, 'bind');
      const missing = [...virtual].filter(
        (address) => !binds.some((bind) => covers(bindAddress(bind), address)),
      );
      if (missing.length === 0 || binds.length === 0) return [];
      return [
        {
          file: file.path,
          line: binds[0]!.line,
          severity: 'error',
          rule: 'virtual-address-unbound',
          problem: `${front.name} does not listen on the virtual address ${missing.join(', ')}`,
          why: 'a connection to it is refused, whoever holds it',
          instead: `\`bind ${missing[0]}:${portOf(bindAddress(binds[0]!)) ?? 5672} transparent\` on both balancers`,
        },
      ];
    }),
  );
}

function covers(bind: string, address: string): boolean {
  const host = bind
    .replace(/:[\d-]+$/, '')
    .replace(/^\[|\]$/g, '')
    .replace(/^ipv[46]@/, '');
  return host === '' || host === '*' || host === '::' || host === '0.0.0.0' || host === address;
}
