import { program } from './program.js';

/**
 * A lab's private network: a bridge in a network namespace of its own (the switch), and
 * a namespace for each host and for the control point, each with one cable to the
 * switch. Nothing leads out of it, so labs with the same addresses stand side by side.
 */
export class Network {
  readonly #lab: string;

  constructor(lab: string) {
    this.#lab = lab;
  }

  get switch(): string {
    return this.namespace('switch');
  }

  namespace(place: string): string {
    return `warren-lab-${this.#lab}-${place}`;
  }

  async create(): Promise<void> {
    await program('ip', ['netns', 'add', this.switch]);
    await program('ip', ['-n', this.switch, 'link', 'add', 'bridge', 'type', 'bridge']);
    await program('ip', ['-n', this.switch, 'link', 'set', 'bridge', 'up']);
  }

  /** A namespace with a cable: its end there is eth0, the switch's port has the place's name. */
  async plug(place: string, address: string): Promise<void> {
    const namespace = this.namespace(place);
    await program('ip', ['netns', 'add', namespace]);
    const port = ['peer', 'name', place, 'netns', this.switch];
    const there = ['address', hardwareAddress(address), 'netns', namespace];
    await program('ip', ['link', 'add', 'eth0', ...there, 'type', 'veth', ...port]);
    await batch(this.switch, [`link set ${place} master bridge up`]);
    await batch(namespace, [`address add ${address}/24 dev eth0`, 'link set eth0 up', 'link set lo up']);
  }

  /** The namespace goes, with whatever addresses were added in it. */
  async unplug(place: string): Promise<void> {
    await program('ip', ['-n', this.switch, 'link', 'delete', place]).catch(() => {});
    await program('ip', ['netns', 'delete', this.namespace(place)]).catch(() => {});
  }

  async cut(place: string): Promise<void> {
    await program('ip', ['-n', this.switch, 'link', 'set', place, 'down']);
  }

  async mend(place: string): Promise<void> {
    await program('ip', ['-n', this.switch, 'link', 'set', place, 'up']);
  }

  /** The addresses of a place's end of the cable; none when it is not plugged in. */
  async addresses(place: string): Promise<string[]> {
    const shown = await program('ip', [
      '-n',
      this.namespace(place),
      '-oneline',
      'address',
      'show',
      'eth0',
    ]).catch(() => '');
    return [...shown.matchAll(/ inet6? ([^/ ]+)/g)].map(([, address]) => address!);
  }

  async destroy(): Promise<void> {
    const listed = (await program('ip', ['netns', 'list'])).split('\n').map((line) => line.split(' ')[0]!);
    const prefix = this.namespace('');
    for (const name of listed.filter((each) => each.startsWith(prefix)))
      await program('ip', ['netns', 'delete', name]);
  }
}

async function batch(namespace: string, lines: readonly string[]): Promise<void> {
  await program('ip', ['-n', namespace, '-batch', '-'], { input: `${lines.join('\n')}\n`, stdin: 'pipe' });
}

/** The same after each power-off, as a network card's is: neighbours need not learn it anew. */
function hardwareAddress(address: string): string {
  const bytes = [2, 0, ...address.split('.').map(Number)];
  return bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(':');
}
