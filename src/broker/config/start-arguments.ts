/**
 * RABBITMQ_SERVER_START_ARGS: arguments of the Erlang runtime, of which `-application key term` sets one value
 * of one application (`-rabbitmq_management listener [{port,15673}]`). They win over rabbitmq.conf. What speaks
 * to the runtime itself (`+P`, `-kernel`, `-setcookie` …) has nothing to change here and is noticed.
 */
import { BadValue, bytes } from './conf-value.js';
import { ConfigError } from './config-error.js';
import { Atom, parseTerm, type Term, Tuple } from './erlang-term.js';
import type { Settings } from './setting.js';

const variable = 'RABBITMQ_SERVER_START_ARGS';

export function applyStartArguments(to: Settings, value: string, notices: string[]): void {
  const words = value.split(/\s+/).filter((word) => word !== '');
  while (words.length > 0) {
    const application = words.shift()!;
    const operands: string[] = [];
    while (words.length > 0 && !/^[-+][A-Za-z]/.test(words[0]!)) operands.push(words.shift()!);
    const [key, ...term] = operands;
    const put = key === undefined ? undefined : values[`${application} ${key}`];
    if (put) putTerm(to, put, `${application} ${key}`, term.join(' '));
    else
      notices.push(
        `${variable}: ${[application, ...operands].join(' ')} has no effect in the bundled broker`,
      );
  }
}

type Put = (to: Settings, term: Term) => void;

function putTerm(to: Settings, put: Put, key: string, source: string): void {
  try {
    put(to, parseTerm(source));
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof BadValue)) throw error;
    throw new ConfigError(variable, `${key} ${source}: ${error.message}`);
  }
}

const values: Record<string, Put> = {
  '-rabbit tcp_listeners': (to, term) => {
    to.tcp = new Map(list(term).map((element, index) => [String(index + 1), tcpListener(element)]));
  },
  '-rabbit heartbeat': (to, term) => {
    to.limits.heartbeat = number(term);
  },
  '-rabbit frame_max': (to, term) => {
    to.limits.frameMax = number(term);
  },
  '-rabbit channel_max': (to, term) => {
    to.limits.channelMax = number(term);
  },
  '-rabbit handshake_timeout': (to, term) => {
    to.limits.handshakeTimeout = number(term);
  },
  '-rabbit default_user': (to, term) => {
    to.user.name = string(term);
  },
  '-rabbit default_pass': (to, term) => {
    to.user.password = string(term);
  },
  '-rabbit default_vhost': (to, term) => {
    to.vhost = string(term);
  },
  '-rabbit loopback_users': (to, term) => {
    to.loopbackUsers = new Map(list(term).map((element) => [string(element), true]));
  },
  '-rabbit cluster_name': (to, term) => {
    to.cluster.clusterName = string(term);
  },
  '-rabbit cluster_partition_handling': (to, term) => {
    const mode = atom(term);
    if (mode !== 'ignore' && mode !== 'pause_minority' && mode !== 'autoheal') {
      throw new BadValue('expected ignore, pause_minority or autoheal');
    }
    to.cluster.partitionHandling = mode;
  },
  '-rabbit cluster_nodes': (to, term) => {
    const nodes = term instanceof Tuple ? term.elements[0]! : term;
    to.peers = new Map(list(nodes).map((element, index) => [String(index + 1), atom(element)]));
  },
  '-rabbit load_definitions': (to, term) => {
    to.loadDefinitions = string(term);
  },
  '-rabbit vm_memory_high_watermark': (to, term) => {
    to.resources.memoryHighWatermark = absolute(term) ?? { relative: number(term) };
  },
  '-rabbit disk_free_limit': (to, term) => {
    const relative = tagged(term, 'mem_relative');
    to.resources.diskFreeLimit =
      relative === undefined ? { bytes: size(term) } : { relative: number(relative) };
  },
  '-rabbitmq_management listener': (to, term) => httpListener(to.management, term),
  '-rabbitmq_management tcp_config': (to, term) => httpListener(to.management, term),
  '-rabbitmq_management load_definitions': (to, term) => {
    to.loadDefinitions = string(term);
  },
  '-rabbitmq_tracing directory': (to, term) => {
    to.tracing.directory = string(term);
  },
  '-rabbitmq_tracing username': (to, term) => {
    to.tracing.username = string(term);
  },
  '-rabbitmq_tracing password': (to, term) => {
    to.tracing.password = string(term);
  },
  '-rabbitmq_prometheus tcp_config': (to, term) => httpListener(to.prometheus, term),
};

function httpListener(to: Settings['management'], term: Term): void {
  const port = property(term, 'port');
  const ip = property(term, 'ip');
  if (port !== undefined) to.port = number(port);
  if (ip !== undefined) to.address = ip instanceof Tuple ? ip.elements.join('.') : string(ip);
}

function tcpListener(term: Term): { address: string | null; port: number } {
  if (!(term instanceof Tuple)) return { address: null, port: number(term) };
  const [address, port] = term.elements;
  return { address: string(address ?? ''), port: number(port ?? '') };
}

function absolute(term: Term): { bytes: number } | undefined {
  const value = tagged(term, 'absolute');
  return value === undefined ? undefined : { bytes: size(value) };
}

function tagged(term: Term, tag: string): Term | undefined {
  if (!(term instanceof Tuple) || term.elements.length !== 2) return undefined;
  const [name, value] = term.elements;
  return name instanceof Atom && name.name === tag ? value : undefined;
}

function property(term: Term, name: string): Term | undefined {
  for (const element of list(term)) {
    const value = tagged(element, name);
    if (value !== undefined) return value;
  }
  return undefined;
}

function number(term: Term): number {
  if (typeof term !== 'number') throw new BadValue('expected a number');
  return term;
}

function size(term: Term): number {
  return typeof term === 'number' ? term : bytes(string(term));
}

function string(term: Term): string {
  if (term instanceof Atom) return term.name;
  if (typeof term !== 'string') throw new BadValue('expected a string');
  return term;
}

function atom(term: Term): string {
  if (!(term instanceof Atom)) throw new BadValue("expected an atom, such as rabbit@host or 'rabbit@host'");
  return term.name;
}

function list(term: Term): Term[] {
  if (!Array.isArray(term)) throw new BadValue('expected a list');
  return term;
}
