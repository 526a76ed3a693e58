/**
 * A lab: blank hosts server1, server2, … at 192.0.2.101, .102, … on a private network
 * with a control point at .100. What exists of it is written down before it is made
 * (`lab.json`), with the test process it belongs to; a lab whose owner died is cleared
 * away by the next one that comes up, whoever makes it.
 */
import { mkdirSync } from 'node:fs';
import { appendFile, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Control } from './control.js';
import { canOverlay, makeKey, prepareDisk } from './disk.js';
import { Host } from './host.js';
import { prepareImage } from './image.js';
import { Network } from './network.js';
import { isAlive, mark } from './processes.js';
import { type LabRecord, labNames, labPlace, readRecord, writeRecord } from './record.js';

interface HostWish {
  /** Without packages (`base`, what it is when left out), or with them installed and nothing configured. */
  readonly image?: 'base' | 'installed';
  /** The room on its disk, as 64M; it forgets what was written when it goes off. */
  readonly disk?: string;
}

export interface LabWish extends HostWish {
  /** Small letters and digits. */
  readonly name: string;
  readonly hosts: number | readonly HostWish[];
  /** It stays when this process ends, until it is taken down by name. */
  readonly stays?: boolean;
}

export class Lab {
  readonly name: string;
  readonly control: Control;
  readonly hosts: readonly Host[];
  readonly folder: string;
  readonly #network: Network;
  readonly #record: LabRecord;

  private constructor(record: LabRecord) {
    this.name = record.name;
    this.folder = labPlace(record.name);
    this.#record = record;
    this.#network = new Network(record.name);
    this.control = new Control(this.#network.namespace('control'), this.folder);
    const around = {
      lab: this.name,
      folder: this.folder,
      network: this.#network,
      control: this.control,
      save: () => writeRecord(record),
    };
    this.hosts = record.hosts.map((host) => new Host(host, around));
  }

  /** Makes a lab and boots its hosts. */
  static async up(wish: LabWish): Promise<Lab> {
    if (!/^[a-z0-9]{1,16}$/.test(wish.name)) throw new Error(`${wish.name}: small letters and digits only`);
    await Lab.clearLeftovers();
    if (readRecord(wish.name)) throw new Error(`a lab named ${wish.name} is up already`);
    const record = await recordOf(wish);
    mkdirSync(labPlace(wish.name), { recursive: true });
    writeRecord(record);
    const lab = new Lab(record);
    try {
      await lab.#make();
    } catch (error) {
      await lab.down();
      throw error;
    }
    return lab;
  }

  /** A lab that is up, from any process. */
  static find(name: string): Lab {
    const record = readRecord(name);
    if (!record) throw new Error(`no lab named ${name} (there are: ${labNames().join(', ') || 'none'})`);
    return new Lab(record);
  }

  /** Takes down the labs whose owners have died. */
  static async clearLeftovers(): Promise<void> {
    for (const name of labNames()) {
      const owner = readRecord(name)?.owner;
      if (owner && !isAlive(owner)) await Lab.find(name).down();
    }
  }

  /** The host of a number, from 1. */
  host(number: number): Host {
    const host = this.hosts[number - 1];
    if (!host) throw new Error(`lab ${this.name} has ${this.hosts.length} hosts, and no server${number}`);
    return host;
  }

  /** Puts another machine in the place of one that died for good: its name and address, and nothing else of it. */
  async renew(host: Host): Promise<void> {
    await host.kill();
    const known = await readFile(this.control.knownHosts, 'utf8');
    const others = known.split('\n').filter((line) => !line.startsWith(`${host.address} `));
    await writeFile(this.control.knownHosts, others.join('\n'));
    await this.#install(host);
    await host.start();
  }

  /** Powers everything off and leaves nothing behind. */
  async down(): Promise<void> {
    await Promise.all(this.hosts.map((host) => host.kill()));
    await this.#network.destroy();
    await rm(this.folder, { recursive: true, force: true });
  }

  async #make(): Promise<void> {
    await this.#network.create();
    await this.#network.plug('control', Control.address);
    await makeKey(this.control.key, 'operator');
    for (const host of this.hosts) {
      await this.#install(host);
      await host.switchOn();
    }
    await this.control.waitForSsh(this.hosts);
  }

  /** A disk on which nothing was written yet, and a key of its own, which the control point knows. */
  async #install(host: Host): Promise<void> {
    const record = this.#record.hosts.find(({ name }) => name === host.name)!;
    const hostKey = path.join(this.folder, `${host.name}.key`);
    for (const old of [hostKey, `${hostKey}.pub`, host.folder])
      await rm(old, { recursive: true, force: true });
    const publicKey = await makeKey(hostKey, host.name);
    await appendFile(this.control.knownHosts, `${host.address} ${publicKey}\n`);
    const operator = await readFile(`${this.control.key}.pub`, 'utf8');
    await prepareDisk(host.folder, record, { operator: operator.trimEnd(), hostKey });
  }
}

/** What a wish comes to: each host with its address, its layers and its folder of packages. */
async function recordOf(wish: LabWish): Promise<LabRecord> {
  const wishes = typeof wish.hosts === 'number' ? Array.from({ length: wish.hosts }, () => ({})) : wish.hosts;
  const overlaid = await canOverlay();
  const hosts = [];
  for (const [index, each] of wishes.entries()) {
    const { image = 'base', disk } = { ...wish, ...each };
    const { layers, packages } = await prepareImage(image);
    const name = `server${index + 1}`;
    hosts.push({ name, address: `192.0.2.${101 + index}`, layers, overlaid, packages, disk });
  }
  return { name: wish.name, owner: wish.stays ? undefined : mark(process.pid), hosts };
}
