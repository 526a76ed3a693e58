/**
 * A lab with a cluster file for it: what an operator at the control point has. The
 * program under test is the built one, run there with a home of its own.
 */
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import type { Outcome } from './control.js';
import type { Lab } from './hosts.js';

const program = fileURLToPath(new URL('../../bin/run.js', import.meta.url));

export interface SiteWish {
  /** Numbers of hosts. */
  readonly brokers: readonly number[];
  readonly balancers: readonly number[];
  readonly virtualAddresses?: readonly string[];
  /** Whatever else stands in the file, over what is written there by default. */
  readonly file?: Readonly<Record<string, unknown>>;
  readonly frontEnd?: Readonly<Record<string, unknown>>;
  readonly ssh?: Readonly<Record<string, unknown>>;
}

/**
 * A host whose power fails says nothing: its mates notice after as many seconds without
 * a tick, give or take a quarter, which is a minute when nothing is said. One story
 * waits for that minute; for the others it is the same minute again.
 */
export const soonNoticed = { rabbitmq: { config: { net_ticktime: 20 } } };

export class Site {
  static readonly virtualAddress = '192.0.2.110';
  static readonly statsPassword = 'stats-secret';
  readonly lab: Lab;
  readonly file: string;
  readonly #environment: Record<string, string>;

  constructor(lab: Lab, wish: SiteWish, name = 'warren.yaml') {
    this.lab = lab;
    const home = path.join(lab.folder, 'home');
    mkdirSync(home, { recursive: true, mode: 0o700 });
    this.file = path.join(home, name);
    writeFileSync(this.file, stringify(clusterFile(lab, wish)));
    const { PATH = '' } = process.env;
    this.#environment = {
      PATH,
      HOME: home,
      LANG: 'C.UTF-8',
      APP_PASSWORD: 'app-secret',
      STATS_PASSWORD: Site.statsPassword,
    };
  }

  /** Where clients go. */
  url(address = Site.virtualAddress): string {
    return `amqp://app:app-secret@${address}:5672/?heartbeat=10`;
  }

  /** Runs the program to its end at the control point, with this file unless it is given another. */
  warren(args: readonly string[], environment: Record<string, string> = {}): Promise<Outcome> {
    const env = { ...this.#environment, ...environment };
    const file = args.includes('--file') ? [] : ['--file', this.file];
    return this.lab.control.run(process.execPath, [program, ...args, ...file], { env });
  }

  /** Starts it; its output can be watched, and it can be killed. */
  start(args: readonly string[], environment: Record<string, string> = {}): ChildProcess {
    const env = { ...this.#environment, ...environment };
    const line = [program, ...args, '--file', this.file];
    return this.lab.control.start(process.execPath, line, { env, stdio: 'pipe' });
  }
}

function clusterFile(lab: Lab, wish: SiteWish): Record<string, unknown> {
  const place = (number: number) => ({ name: lab.host(number).name, address: lab.host(number).address });
  const { virtualAddresses = [Site.virtualAddress] } = wish;
  return {
    name: 'notes',
    ssh: {
      user: 'root',
      key: lab.control.key,
      known_hosts: lab.control.knownHosts,
      agent: false,
      ...wish.ssh,
    },
    nodes: wish.brokers.map(place),
    profile: 'mirrored',
    vhosts: ['/'],
    users: [
      {
        name: 'app',
        password: 'env:APP_PASSWORD',
        tags: ['administrator'],
        permissions: [{ vhost: '/' }],
      },
    ],
    ...wish.file,
    ...(wish.balancers.length > 0 && {
      front_end: {
        hosts: wish.balancers.map(place),
        virtual_addresses: virtualAddresses,
        haproxy: { stats_password: 'env:STATS_PASSWORD' },
        ...wish.frontEnd,
      },
    }),
  };
}
