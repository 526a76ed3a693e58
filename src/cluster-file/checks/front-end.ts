import { BlockList, isIPv4 } from 'node:net';
import type { WrittenFile } from '../schema.js';
import type { Findings } from './findings.js';
import { nodesOf, onHosts } from './nodes.js';
import { Notebook } from './notebook.js';

type FrontEnd = NonNullable<WrittenFile['front_end']>;

export function frontEndFindings(file: WrittenFile): Findings {
  const book = new Notebook();
  const frontEnd = file.front_end;
  if (!frontEnd) return book;
  if (!onHosts(file)) {
    book.errorAtKey(
      ['front_end'],
      'a front end stands before brokers on hosts, and no node has an address',
      'give the nodes addresses, or take the front end out',
    );
    return book;
  }
  book.refuseTwice(frontEnd.hosts, ({ name }, index) => ({
    path: ['front_end', 'hosts', index, 'name'],
    key: name,
    what: `a balancer named ${name}`,
  }));
  virtualAddresses(file, frontEnd, book);
  modes(frontEnd, book);
  ports(file, frontEnd, book);
  return book;
}

function virtualAddresses(file: WrittenFile, { hosts, virtual_addresses }: FrontEnd, book: Notebook): void {
  const at = (index: number) => ['front_end', 'virtual_addresses', index] as const;
  const bare = virtual_addresses.map((text) => text.replace(/\/.*/, ''));
  book.refuseTwice(bare, (address, index) => ({
    path: at(index),
    key: address,
    what: `the virtual address ${address}`,
  }));
  for (const [index, text] of virtual_addresses.entries()) {
    const [address, prefix] = text.split('/') as [string, string | undefined];
    const most = isIPv4(address) ? 32 : 128;
    if (prefix !== undefined && Number(prefix) > most) {
      book.error(at(index), `/${prefix} is no prefix length of ${address}`, `write a number up to ${most}`);
      continue;
    }
    const holder = [...nodesOf(file), ...hosts].find((host) => host.address === address);
    if (holder) {
      book.error(
        at(index),
        `the virtual address ${address} is the address of host ${holder.name}`,
        'choose a free address of the same network: it moves between the balancers',
      );
    }
    if (prefix !== undefined && isIPv4(address)) outside(hosts, address, Number(prefix), at(index), book);
  }
  if (virtual_addresses.length > 0 && hosts.length === 1) {
    book.warn(
      ['front_end', 'hosts'],
      'with one balancer the virtual address has nowhere to move to',
      'have two',
    );
  }
  if (virtual_addresses.length === 0 && hosts.length > 1) {
    book.warn(
      ['front_end', 'hosts'],
      'without a virtual address clients have to know every balancer',
      'write virtual_addresses: [ADDRESS], a free one of their network',
    );
  }
}

function outside(
  hosts: FrontEnd['hosts'],
  address: string,
  prefix: number,
  at: readonly (string | number)[],
  book: Notebook,
): void {
  const network = new BlockList();
  network.addSubnet(address, prefix, 'ipv4');
  const stranger = hosts.find((host) => isIPv4(host.address) && !network.check(host.address, 'ipv4'));
  if (!stranger) return;
  book.warn(
    at,
    `balancer ${stranger.name} (${stranger.address}) is not in the network of ${address}/${prefix}`,
    'choose an address of the network that the balancers are in',
  );
}

function modes({ hosts, virtual_addresses, mode, vrid }: FrontEnd, book: Notebook): void {
  if (mode !== 'active/active') return;
  if (hosts.length < 2) {
    book.error(
      ['front_end', 'hosts'],
      'active/active wants two balancers',
      'name two hosts, or take mode out',
    );
  }
  if (virtual_addresses.length !== 2) {
    book.error(
      ['front_end', virtual_addresses.length > 0 ? 'virtual_addresses' : 'mode'],
      `active/active wants two virtual addresses, one for each balancer, and there ${
        virtual_addresses.length === 1 ? 'is 1' : `are ${virtual_addresses.length}`
      }`,
      'write two, or mode: active/passive',
    );
  }
  if (vrid === 255) {
    book.error(
      ['front_end', 'vrid'],
      'active/active takes the next virtual router id as well, and there is none after 255',
      'write 254 or less',
    );
  }
}

/** Ports of RabbitMQ itself, which a host that is broker and balancer cannot give to HAProxy as well. */
const brokerPorts = new Map([
  [5671, 'AMQP over TLS'],
  [5672, 'AMQP'],
  [15_671, 'management over TLS'],
  [15_672, 'management'],
  [25_672, 'the other nodes'],
]);

function ports(file: WrittenFile, { hosts, haproxy }: FrontEnd, book: Notebook): void {
  const { tls } = file.rabbitmq;
  const passes = (haproxy.tls ?? (tls ? 'passthrough' : 'none')) === 'passthrough';
  const used = [
    ...(['amqp_port', 'management_port', 'stats_port'] as const),
    ...(passes ? (['amqps_port'] as const) : []),
    ...(passes && tls?.management ? (['management_tls_port'] as const) : []),
  ];
  for (const [index, key] of used.entries()) {
    const path = ['front_end', 'haproxy', key];
    const other = used.slice(0, index).find((before) => haproxy[before] === haproxy[key]);
    if (other) book.error(path, `${key} and ${other} are both ${haproxy[key]}`, 'give each its own port');
    const both = hosts.find(({ name }) => nodesOf(file).some((node) => node.name === name));
    const purpose = brokerPorts.get(haproxy[key]);
    if (both && purpose) {
      book.error(
        path,
        `host ${both.name} is a broker and a balancer, and RabbitMQ listens on ${haproxy[key]} there for ${purpose}`,
        `choose another ${key}, or a host of its own for the balancer`,
      );
    }
  }
}
