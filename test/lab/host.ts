/**
 * One blank host: a container with systemd and sshd, its own network namespace and
 * control group, and a disk that is what it has written above its image's layers.
 * Power off is SIGKILL for everything in it; its disk stays, its addresses go.
 */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmdirSync } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Control, Outcome } from './control.js';
import type { Network } from './network.js';
import { childrenOf, gone, mark, signal } from './processes.js';
import type { HostRecord } from './record.js';

const boot = fileURLToPath(new URL('boot.sh', import.meta.url));

export interface Surroundings {
  readonly lab: string;
  readonly folder: string;
  readonly network: Network;
  readonly control: Control;
  /** Called when something of the record has changed. */
  readonly save: () => void;
}

export class Host {
  readonly name: string;
  readonly address: string;
  /** The folder that holds its disk and its console's log. */
  readonly folder: string;
  readonly #record: HostRecord;
  readonly #lab: Surroundings;

  constructor(record: HostRecord, lab: Surroundings) {
    this.name = record.name;
    this.address = record.address;
    this.folder = path.join(lab.folder, record.name);
    this.#record = record;
    this.#lab = lab;
  }

  get isOn(): boolean {
    return this.#record.process !== undefined;
  }

  /** Plugs it in and switches it on; `answers` says when it has booted. */
  async switchOn(): Promise<void> {
    await this.#lab.network.plug(this.name, this.address);
    const { packages, disk = '' } = this.#record;
    const layers = this.#record.overlaid ? this.#record.layers.join(':') : '';
    const namespace = this.#lab.network.namespace(this.name);
    const console = await open(path.join(this.folder, 'console.log'), 'a');
    const args = [this.folder, layers, this.name, namespace, this.#group, packages, disk];
    const child = spawn('unshare', ['--mount', 'sh', boot, ...args], {
      detached: true,
      stdio: ['ignore', console.fd, console.fd],
    });
    child.once('error', () => {});
    await console.close();
    child.unref();
    this.#record.process = mark(child.pid!);
    this.#lab.save();
  }

  async start(): Promise<void> {
    await this.switchOn();
    await this.answers();
  }

  async answers(): Promise<void> {
    await this.#lab.control.waitForSsh([this]);
  }

  /** Pulls the plug. */
  async kill(): Promise<void> {
    const container = this.#record.process;
    if (!container) return;
    const inside = childrenOf(container);
    for (const each of [...inside, container]) signal(each, 'SIGKILL');
    for (const each of [...inside, container]) await gone(each);
    await this.#isOff();
  }

  /** Shuts it down as an operator does. */
  async stop(): Promise<void> {
    const container = this.#record.process;
    if (!container) return;
    signal(container, 'SIGTERM');
    if (!(await gone(container, 90_000))) throw new Error(`${this.name} does not shut down`);
    await this.#isOff();
  }

  cut(): Promise<void> {
    return this.#lab.network.cut(this.name);
  }

  mend(): Promise<void> {
    return this.#lab.network.mend(this.name);
  }

  /** A shell's command line on it, as root, over SSH; what it answers, whatever its status. */
  ssh(line: string, input?: string): Promise<Outcome> {
    return this.#lab.control.ssh(this, line, input);
  }

  /** The same where nothing but success will do; answers its standard output. */
  async run(line: string, input?: string): Promise<string> {
    const { status, stdout, stderr } = await this.ssh(line, input);
    if (status === 0) return stdout;
    throw new Error(`${this.name}: ${line} ended with ${status}\n${stderr}${stdout}`);
  }

  /** The addresses on its cable, seen from outside; none while it is off. */
  async addresses(): Promise<string[]> {
    return this.isOn ? await this.#lab.network.addresses(this.name) : [];
  }

  /** Stops a service's main process where it stands: it holds its sockets and answers nothing. */
  async freeze(service: string): Promise<void> {
    await this.run(`kill -STOP $(systemctl show --property MainPID --value ${service})`);
  }

  async thaw(service: string): Promise<void> {
    await this.run(`kill -CONT $(systemctl show --property MainPID --value ${service})`);
  }

  /** As a host that was installed anew, or one that only says it is this one. */
  async changeHostKey(): Promise<void> {
    await this.run(
      'rm /etc/ssh/ssh_host_ed25519_key* && ssh-keygen -q -A -t ed25519 && systemctl restart ssh',
    );
  }

  /** A user who may log in with the lab's key, and use sudo with the password, without one, or not at all. */
  async addUser(
    name: string,
    sudo: { password: string } | 'without a password' | 'not at all',
  ): Promise<void> {
    const home = `/home/${name}`;
    await this.run(
      `useradd --create-home --shell /bin/bash ${name} && cp -a /root/.ssh ${home}/ && chown -R ${name} ${home}`,
    );
    if (sudo === 'not at all') return;
    const tag = sudo === 'without a password' ? 'NOPASSWD: ' : '';
    await this.run(`cat >/etc/sudoers.d/${name}`, `${name} ALL=(ALL:ALL) ${tag}ALL\n`);
    if (sudo !== 'without a password') await this.run('chpasswd', `${name}:${sudo.password}\n`);
  }

  get #group(): string {
    return `warren-lab-${this.#lab.lab}-${this.name}`;
  }

  async #isOff(): Promise<void> {
    this.#record.process = undefined;
    await this.#lab.control.forget(this);
    await this.#lab.network.unplug(this.name);
    for (const group of groupsOf(this.folder)) removeGroup(group);
    this.#lab.save();
  }
}

function groupsOf(folder: string): string[] {
  const file = path.join(folder, 'groups');
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
}

function removeGroup(folder: string): void {
  if (!existsSync(folder)) return;
  for (const below of readdirSync(folder, { withFileTypes: true }))
    if (below.isDirectory()) removeGroup(path.join(folder, below.name));
  rmdirSync(folder);
}
