import type { WrittenFile } from '../schema.js';
import type { Findings } from './findings.js';
import { Notebook } from './notebook.js';

type Node = Exclude<NonNullable<WrittenFile['nodes']>, number>[number];

export function nodesOf({ nodes }: WrittenFile): readonly Node[] {
  return Array.isArray(nodes) ? nodes : [];
}

/** Whether the nodes are on hosts that are reached over SSH. */
export function onHosts(file: WrittenFile): boolean {
  return nodesOf(file).some(({ address }) => address !== undefined);
}

export function nodeFindings(file: WrittenFile): Findings {
  const book = new Notebook();
  const nodes = nodesOf(file);
  mixed(nodes, book);
  book.refuseTwice(nodes, ({ name }, index) => ({
    path: ['nodes', index, 'name'],
    key: name,
    what: `a node named ${name}`,
  }));
  if (!onHosts(file)) return book;
  localKeys(file, book);
  sameHosts(file, book);
  for (const [index, { name }] of nodes.entries()) checkName(file, name, index, book);
  checkCount(nodes.length, book);
  for (const path of keysOf(file)) {
    if (path.value.endsWith('.pub')) {
      book.error(
        path.at,
        `${path.value} is the public half of a key`,
        'name the private half: the same without .pub',
      );
    }
  }
  return book;
}

function mixed(nodes: readonly Node[], book: Notebook): void {
  const here = nodes.findIndex(({ address }) => address === undefined);
  const there = nodes.find(({ address }) => address !== undefined);
  if (here === -1 || !there) return;
  book.error(
    ['nodes', here],
    `node ${nodes[here]!.name} has no address, and node ${there.name} has one: a cluster is either on this machine or on hosts`,
    'give every node an address, or none',
  );
}

/** Words for nodes on this machine, which hosts have no use for. */
function localKeys(file: WrittenFile, book: Notebook): void {
  const instead = {
    engine: 'take it out: hosts run RabbitMQ (rabbitmq: { version, source } says which)',
    engine_dir: 'take it out: hosts run RabbitMQ from packages',
    port_base: 'take it out; front_end: { haproxy: { amqp_port } } is the port of the clients',
    ha: 'write profile: mirrored or profile: quorum',
  };
  for (const [key, suggestion] of Object.entries(instead)) {
    if (file[key as keyof typeof instead] === undefined) continue;
    book.errorAtKey([key], `${key} is for nodes on this machine, and these have addresses`, suggestion);
  }
}

/** One machine has one name and one address, wherever the file speaks of it. */
function sameHosts(file: WrittenFile, book: Notebook): void {
  const hosts = [
    ...nodesOf(file).map((one, index) => ({ ...one, at: ['nodes', index] as const })),
    ...(file.front_end?.hosts ?? []).map((one, index) => ({
      ...one,
      at: ['front_end', 'hosts', index] as const,
    })),
  ];
  for (const [index, host] of hosts.entries()) {
    const before = hosts.slice(0, index);
    const sameName = before.find(({ name, address }) => name === host.name && address !== host.address);
    const sameAddress = before.find(({ name, address }) => address === host.address && name !== host.name);
    if (sameName && sameName.at[0] !== host.at[0]) {
      book.error(
        [...host.at, 'address'],
        `${host.name} has address ${sameName.address} as a node and ${host.address} here`,
        'one name is one host: give both the same address, or another name',
      );
    }
    if (sameAddress && host.address !== undefined) {
      book.error(
        [...host.at, 'address'],
        `${host.name} has the address ${host.address}, which ${sameAddress.name} has already`,
        'give each host its own address',
      );
    }
  }
}

function checkName(file: WrittenFile, name: string, index: number, book: Notebook): void {
  const path = ['nodes', index, 'name'] as const;
  const long = file.rabbitmq.long_names;
  if (name.includes('_')) {
    book.error(path, `${name} cannot be a host name: it has an underscore`, 'use letters, digits and dashes');
  } else if (name.includes('.') && !long) {
    const short = name.replace(/\..*/, '');
    book.error(
      path,
      `${name} has dots, and nodes have short names here`,
      `write ${short}, or rabbitmq: { long_names: true }`,
    );
  } else if (!name.includes('.') && long) {
    book.error(
      path,
      `${name} has no dot, and long_names wants whole host names`,
      `write the whole name, such as ${name}.example.com`,
    );
  }
}

function checkCount(count: number, book: Notebook): void {
  if (count === 2) {
    book.warnAtKey(
      ['nodes'],
      'with two nodes there is no majority: when they lose each other, or one fails, the other cannot know which is right',
      'have three nodes',
    );
  } else if (count % 2 === 0) {
    book.warnAtKey(
      ['nodes'],
      `${count} nodes outlive the loss of no more nodes than ${count - 1} do, and split into halves without a majority`,
      `have ${count - 1} or ${count + 1} nodes`,
    );
  }
}

function keysOf(file: WrittenFile): { at: (string | number)[]; value: string }[] {
  const found: { at: (string | number)[]; value: string | undefined }[] = [
    { at: ['ssh', 'key'], value: file.ssh.key },
    { at: ['ssh', 'bastion', 'key'], value: file.ssh.bastion?.key },
    ...nodesOf(file).map((node, i) => ({ at: ['nodes', i, 'ssh', 'key'], value: node.ssh?.key })),
  ];
  return found.flatMap(({ at, value }) => (value === undefined ? [] : [{ at, value }]));
}
