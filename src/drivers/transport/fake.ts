import { posix } from 'node:path';
import {
  backupSuffix,
  type CommandResult,
  type FileOptions,
  type Ownership,
  type RunOptions,
  type Transport,
} from './transport.js';

/**
 * A host in memory, for tests of what is done to hosts: its files have modes and
 * owners, its commands answer as they were told to, and all that was run and
 * written stands in a log, in order. A command that nobody told it about is an
 * error, so a test cannot pass over one.
 */
export interface FakeFile {
  readonly text: string;
  readonly mode: number;
  readonly owner: string;
  readonly group: string;
}

/** One thing that was done to the host. */
export type FakeAct =
  | {
      readonly act: 'run';
      /** File and words, with a space between them. */
      readonly line: string;
      readonly file: string;
      readonly args: readonly string[];
      readonly input?: string;
      readonly env?: Readonly<Record<string, string>>;
    }
  | { readonly act: 'write' | 'folder' | 'remove'; readonly path: string };

export type FakeRun = Extract<FakeAct, { act: 'run' }>;

/** What a command answers: an output, parts of a result, or a function that may change the host too. */
export type FakeAnswer =
  | string
  | Partial<CommandResult>
  | ((
      run: FakeRun,
      options: RunOptions,
    ) => string | Partial<CommandResult> | Promise<string | Partial<CommandResult>>);

export class FakeTransport implements Transport {
  readonly host: string;
  readonly log: FakeAct[] = [];
  readonly #files = new Map<string, FakeFile>();
  readonly #folders = new Map<string, Omit<FakeFile, 'text'>>();
  readonly #answers: { readonly matches: (run: FakeRun) => boolean; readonly answer: FakeAnswer }[] = [];
  #failure: Error | undefined;
  #temporaries = 0;

  constructor(host = 'server1') {
    this.host = host;
    for (const folder of usualFolders)
      this.#folders.set(folder, { mode: 0o755, owner: 'root', group: 'root' });
  }

  /** Answers this line, or lines that match, or what a function picks. What was told last counts. */
  answer(command: string | RegExp | ((run: FakeRun) => boolean), answer: FakeAnswer): this {
    const matches =
      typeof command === 'function'
        ? command
        : (run: FakeRun) => (typeof command === 'string' ? run.line === command : command.test(run.line));
    this.#answers.unshift({ matches, answer });
    return this;
  }

  /** From now on everything fails with this error, as on a host without power; without one, all is well again. */
  fail(error: Error | undefined): void {
    this.#failure = error;
  }

  /** Puts a file there, its folders with it, without a trace in the log. */
  place(
    path: string,
    text: string,
    { mode = 0o644, owner = 'root', group = 'root' }: Partial<FakeFile> = {},
  ): this {
    this.#make(posix.dirname(path), 0o755, {});
    this.#files.set(path, { text, mode, owner, group });
    return this;
  }

  /** The file as it stands now. */
  file(path: string): FakeFile | undefined {
    return this.#files.get(path);
  }

  folder(path: string): Omit<FakeFile, 'text'> | undefined {
    return this.#folders.get(path);
  }

  /** The lines of the commands that were run. */
  get lines(): string[] {
    return this.log.flatMap((act) => (act.act === 'run' ? [act.line] : []));
  }

  async run(file: string, args: readonly string[], options: RunOptions = {}): Promise<CommandResult> {
    this.#alive(options.signal);
    const { input, env } = options;
    const run: FakeRun = {
      act: 'run',
      line: [file, ...args].join(' '),
      file,
      args,
      ...(input === undefined ? {} : { input: Buffer.from(input as string).toString() }),
      ...(env ? { env } : {}),
    };
    this.log.push(run);
    const told = this.#answers.find(({ matches }) => matches(run));
    if (!told) throw new Error(`nobody told the fake host ${this.host} what to answer to: ${run.line}`);
    const answer = typeof told.answer === 'function' ? await told.answer(run, options) : told.answer;
    this.#alive(options.signal);
    return {
      status: 0,
      stdout: '',
      stderr: '',
      ...(typeof answer === 'string' ? { stdout: answer } : answer),
    };
  }

  async readFile(path: string): Promise<string | undefined> {
    this.#alive();
    return this.#files.get(path)?.text;
  }

  async writeFile(path: string, text: string | Uint8Array, options: FileOptions): Promise<void> {
    this.#alive();
    const folder = posix.dirname(path);
    if (!this.#folders.has(folder)) throw new Error(`there is no folder ${folder} on ${this.host}`);
    const written = { ...owned(options), text: Buffer.from(text as string).toString(), mode: options.mode };
    this.#temporaries += 1;
    const temporary = `${folder}/.${posix.basename(path)}.${this.#temporaries}`;
    if (options.check) {
      this.#files.set(temporary, written);
      await options.check(temporary).finally(() => this.#files.delete(temporary));
    }
    const before = this.#files.get(path);
    if (options.keep && before && before.text !== written.text) this.#files.set(path + backupSuffix, before);
    this.#files.set(path, written);
    this.log.push({ act: 'write', path });
  }

  async makeFolder(path: string, mode: number, ownership: Ownership = {}): Promise<void> {
    this.#alive();
    this.log.push({ act: 'folder', path });
    this.#make(path, mode, ownership);
  }

  async remove(path: string): Promise<void> {
    this.#alive();
    this.log.push({ act: 'remove', path });
    for (const kept of [this.#files, this.#folders])
      for (const name of kept.keys()) if (name === path || name.startsWith(`${path}/`)) kept.delete(name);
  }

  async close(): Promise<void> {}

  #make(path: string, mode: number, ownership: Ownership): void {
    for (let above = posix.dirname(path); !this.#folders.has(above); above = posix.dirname(above))
      this.#folders.set(above, { mode, ...owned(ownership) });
    this.#folders.set(path, { mode, ...owned(ownership) });
  }

  #alive(signal?: AbortSignal): void {
    signal?.throwIfAborted();
    if (this.#failure) throw this.#failure;
  }
}

function owned({ owner = 'root', group = 'root' }: Ownership): { owner: string; group: string } {
  return { owner, group };
}

const usualFolders = [
  '/',
  '/etc',
  '/etc/default',
  '/etc/systemd/system',
  '/etc/sysctl.d',
  '/run',
  '/tmp',
  '/usr/local/bin',
  '/usr/local/sbin',
  '/usr/sbin',
  '/var/lib',
  '/var/log',
];
