import { WarrenError } from '../../errors/warren-error.js';
import type { RunOptions, Transport } from '../transport/transport.js';

/** What systemd says of a unit; `not-found` where no package has brought it. */
export interface UnitState {
  readonly load: string;
  /** active, inactive, failed, activating, … */
  readonly active: string;
  /** running, dead, exited, … */
  readonly sub: string;
  /** Whether it starts with the host: enabled, disabled, masked, static, … */
  readonly file: string;
  /** 0 when it does not run. */
  readonly pid: number;
}

/** How systemctl's verbs that change a unit are called. */
export type UnitVerb = 'start' | 'stop' | 'restart' | 'reload' | 'reload-or-restart' | 'enable' | 'disable';

/** The services of one host. */
export class Systemd {
  readonly #host: Pick<Transport, 'host' | 'run'>;

  constructor(host: Pick<Transport, 'host' | 'run'>) {
    this.#host = host;
  }

  start(unit: string, options: UnitOptions = {}): Promise<void> {
    return this.#change('start', unit, options);
  }

  stop(unit: string, options: UnitOptions = {}): Promise<void> {
    return this.#change('stop', unit, options);
  }

  restart(unit: string, options: UnitOptions = {}): Promise<void> {
    return this.#change('restart', unit, options);
  }

  reload(unit: string, options: UnitOptions = {}): Promise<void> {
    return this.#change('reload', unit, options);
  }

  /** Lets a unit that cannot reload restart, and one that does not run start. */
  reloadOrRestart(unit: string, options: UnitOptions = {}): Promise<void> {
    return this.#change('reload-or-restart', unit, options);
  }

  enable(unit: string, options: UnitOptions = {}): Promise<void> {
    return this.#change('enable', unit, options);
  }

  disable(unit: string, options: UnitOptions = {}): Promise<void> {
    return this.#change('disable', unit, options);
  }

  /** Reads the unit files again, after one was written. */
  async reloadUnits(options: UnitOptions = {}): Promise<void> {
    const { status, stderr } = await this.#systemctl(['daemon-reload'], options);
    if (status !== 0) throw this.#failed('daemon-reload', '', stderr);
  }

  async isActive(unit: string): Promise<boolean> {
    return (await this.show(unit)).active === 'active';
  }

  async show(unit: string): Promise<UnitState> {
    const args = ['show', `--property=${properties.join(',')}`, '--', unit];
    const { status, stdout, stderr } = await this.#systemctl(args, { readOnly: true });
    if (status !== 0) throw this.#failed('show', unit, stderr);
    const said = new Map(stdout.split('\n').map((line) => splitAt(line, '=')));
    const of = (property: (typeof properties)[number]) => said.get(property) ?? '';
    return {
      load: of('LoadState'),
      active: of('ActiveState'),
      sub: of('SubState'),
      file: of('UnitFileState'),
      pid: Number(of('MainPID') || 0),
    };
  }

  async #change(verb: UnitVerb, unit: string, options: UnitOptions): Promise<void> {
    const { status, stderr } = await this.#systemctl([verb, '--', unit], options);
    if (status === 0) return;
    throw this.#failed(verb, unit, stderr || `status ${status}`, await this.#lastWords(unit));
  }

  /** What the unit itself said last, which is mostly why. */
  async #lastWords(unit: string): Promise<string | undefined> {
    const args = ['--no-pager', '-q', '-n', '10', '-o', 'cat', '-u', unit];
    const said = await this.#host.run('journalctl', args, { readOnly: true, timeoutMs: 10_000 });
    const words = said.status === 0 ? said.stdout.trim() : '';
    return [...(await this.#fullDisks()), ...(words === '' ? [] : [words])].join('\n') || undefined;
  }

  /** A service that finds its disk full has nowhere to say so. */
  async #fullDisks(): Promise<string[]> {
    const options = { readOnly: true, timeoutMs: 10_000 };
    const { stdout } = await this.#host.run('df', ['-Pk', '/var/lib', '/var/log'], options);
    const lines = stdout.trim().split('\n').slice(1);
    const full = lines.map((line) => line.split(/\s+/)).filter(([, , , free]) => Number(free) < 1_024);
    return [...new Set(full.map((words) => `the disk of ${words[5]} is full`))];
  }

  #systemctl(args: readonly string[], options: RunOptions) {
    return this.#host.run('systemctl', ['--no-ask-password', '--no-pager', ...args], {
      timeoutMs: 180_000,
      ...options,
    });
  }

  #failed(verb: string, unit: string, said: string, why?: string): WarrenError {
    const facts = { host: this.#host.host, unit, verb, said: said.trim().split('\n')[0] ?? '' };
    return WarrenError.of('UNIT_FAILED', facts, { where: this.#host.host, why });
  }
}

type UnitOptions = Pick<RunOptions, 'signal' | 'timeoutMs'>;

const properties = ['LoadState', 'ActiveState', 'SubState', 'UnitFileState', 'MainPID'] as const;

function splitAt(line: string, mark: string): [string, string] {
  const at = line.indexOf(mark);
  return at < 0 ? [line, ''] : [line.slice(0, at), line.slice(at + mark.length)];
}
