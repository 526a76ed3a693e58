import { isIP } from 'node:net';
import { nearest } from '../../errors/suggestion.js';
import type { Found, Machine } from '../finding.js';
import { blocks, type Entry, listOf, numberOf, settingOf } from './parse.js';

/** What Keepalived 2.x understands within a vrrp_instance. */
const known = [
  ...['state', 'interface', 'use_vmac', 'vmac_xmit_base', 'use_ipvlan', 'native_ipv6', 'dont_track_primary'],
  ...[
    'track_interface',
    'track_script',
    'track_file',
    'track_process',
    'track_bfd',
    'track_src_ip',
    'mcast_src_ip',
  ],
  ...[
    'mcast_dst_ip',
    'unicast_src_ip',
    'unicast_peer',
    'unicast_fault_no_peer',
    'unicast_ttl',
    'check_unicast_src',
  ],
  ...[
    'old_unicast_checksum',
    'garp_master_delay',
    'garp_master_repeat',
    'garp_master_refresh',
    'down_timer_adverts',
  ],
  ...[
    'garp_master_refresh_repeat',
    'garp_lower_prio_delay',
    'garp_lower_prio_repeat',
    'garp_extra_if',
    'version',
  ],
  ...[
    'lvs_sync_daemon_interface',
    'virtual_router_id',
    'priority',
    'advert_int',
    'lower_prio_no_advert',
    'accept',
  ],
  ...[
    'higher_prio_send_advert',
    'authentication',
    'virtual_ipaddress',
    'virtual_ipaddress_excluded',
    'no_accept',
  ],
  ...[
    'promote_secondaries',
    'virtual_routes',
    'virtual_rules',
    'nopreempt',
    'preempt',
    'preempt_delay',
    'debug',
  ],
  ...[
    'skip_check_adv_addr',
    'strict_mode',
    'notify',
    'notify_master',
    'notify_backup',
    'notify_fault',
    'notify_stop',
  ],
  ...[
    'notify_deleted',
    'notify_master_rx_lower_pri',
    'notify_priority_changes',
    'smtp_alert',
    'linkbeat_use_polling',
  ],
  ...[
    'linkbeat_interfaces',
    'kernel_rx_buf_size',
    'vrf',
    'rfc_compliant',
    'dont_track_primary',
    'vmac_garp_intvl',
  ],
];

/** Words and values that Keepalived refuses, or worse, leaves out with no more than a line in its log. */
export function keywordRules(conf: readonly Entry[], machine?: Machine): Found[] {
  return blocks(conf, 'vrrp_instance').flatMap((instance) => [
    ...unknown(instance),
    ...addresses(instance),
    ...numbers(instance),
    ...labels(instance),
    ...card(instance, machine),
  ]);
}

function unknown(instance: Entry): Found[] {
  return instance
    .entries!.filter(({ words }) => !known.includes(words[0]!) && !/^[@$~]/.test(words[0]!))
    .map(({ line, words }) => {
      const near = nearest(words[0]!, known);
      return {
        line,
        severity: near ? 'error' : 'warning',
        rule: 'unknown-keyword',
        problem: `'${words[0]}' is not known in a vrrp_instance`,
        why: 'Keepalived leaves the line out, and its test ends with 5',
        instead: near ? `\`${near}\`` : 'look it up in keepalived.conf(5), or take it out',
      } as const;
    });
}

/** An unknown keyword that nearly is one that holds an address is judged by its value as well. */
function addresses(instance: Entry): Found[] {
  const holders = ['mcast_src_ip', 'unicast_src_ip'];
  const single = instance
    .entries!.filter(
      ({ words }) => holders.includes(words[0]!) || holders.includes(nearest(words[0]!, known) ?? ''),
    )
    .map(({ line, words }) => ({ line, value: words[1] ?? '' }));
  const many = ['unicast_peer', 'virtual_ipaddress', 'virtual_ipaddress_excluded'].flatMap((name) =>
    listOf(instance, name),
  );
  return [...single, ...many]
    .filter(({ value }) => isIP(value.replace(/\/\d+$/, '')) === 0 && !/^[@$~]/.test(value))
    .map(({ line, value }) => ({
      line,
      severity: 'error',
      rule: 'bad-address',
      problem: `${value || 'nothing'} is not an IP address`,
      why: 'Keepalived leaves the line out, or the whole instance, and its test ends with 5',
      instead: 'four numbers for IPv4: 192.0.2.104',
    }));
}

function numbers(instance: Entry): Found[] {
  const ranges = [
    ['virtual_router_id', 1, 255],
    ['priority', 1, 255],
  ] as const;
  return ranges.flatMap(([name, low, high]): Found[] => {
    const value = numberOf(instance, name);
    const line = settingOf(instance, name)?.line ?? instance.line;
    if (value !== undefined && Number.isInteger(value) && value >= low && value <= high) return [];
    if (name === 'priority' && settingOf(instance, name) === undefined) return [];
    return [
      {
        line,
        severity: 'error',
        rule: 'out-of-range',
        problem:
          value === undefined ? `there is no ${name}` : `${name} ${value} is not from ${low} to ${high}`,
        why: 'VRRP keeps it in one byte; Keepalived leaves the instance out',
        instead: `\`${name} ${name === 'priority' ? 100 : 110}\`, a number from ${low} to ${high}`,
      },
    ];
  });
}

/** IFNAMSIZ: 15 characters and an end. */
function labels(instance: Entry): Found[] {
  const inside = instance.entries!.filter(({ words }) => words[0] === 'virtual_ipaddress');
  return inside
    .flatMap(({ entries = [] }) => entries)
    .map(({ line, words }) => ({
      line,
      label: words[words.indexOf('label') + 1] ?? '',
      has: words.includes('label'),
    }))
    .filter(({ label, has }) => has && label.length > 15)
    .map(({ line, label }) => ({
      line,
      severity: 'error',
      rule: 'long-label',
      problem: `the label ${label} has ${label.length} characters`,
      why: 'the kernel takes 15 at most: the address is not set',
      instead: 'a shorter label, such as eth0:vip',
    }));
}

function card(instance: Entry, machine: Machine | undefined): Found[] {
  const entry = settingOf(instance, 'interface');
  const name = entry?.words[1];
  if (!entry || !name || !machine || machine.interfaces.includes(name)) return [];
  return [
    {
      line: entry.line,
      severity: 'error',
      rule: 'no-interface',
      problem: `there is no interface ${name} on this machine`,
      why: 'Keepalived does not start the instance: nobody here ever takes the address',
      instead: `one of: ${machine.interfaces.filter((one) => one !== 'lo').join(', ') || 'the one with the host address (ip -brief addr)'}`,
    },
  ];
}
