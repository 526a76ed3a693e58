import { randomBytes } from 'node:crypto';
import { constants } from 'node:os';
import type { ClientChannel } from 'ssh2';
import { BoundedOutput } from '../output.js';
import { goMark, openingLine, processIn, promptMark, type RemoteCommand, script } from './command-script.js';
import { MarkedOutput } from './marked-output.js';
import type { Rights } from './sudo.js';

/**
 * One command on one channel, from the opening line to its exit status. What it
 * waits for: first the shell's process id or sudo's question (answered once: a
 * second question means that the password was wrong), then the word that the
 * command goes, then its input is sent, then its end. `begun` tells a caller
 * whose command has to be ended what to end.
 */
export interface CommandRequest extends RemoteCommand, Rights {
  readonly input?: string | Uint8Array | undefined;
  readonly maxOutputBytes?: number | undefined;
}

export type CommandEnd =
  | {
      readonly kind: 'ended';
      readonly status: number;
      readonly stdout: string;
      readonly stderr: string;
      readonly truncated: boolean;
    }
  /** The channel was closed without a word on how the command ended. */
  | { readonly kind: 'unknown' }
  /** It never began; `said` is what the host said instead. */
  | { readonly kind: 'not run'; readonly said: string }
  | { readonly kind: 'password refused' };

export class RunningCommand {
  /** The command's process id, once it has one; nothing if it never gets one. */
  readonly begun: Promise<number | undefined>;
  readonly end: Promise<CommandEnd>;
  readonly #mark: string;
  readonly #request: CommandRequest;
  readonly #stdout: BoundedOutput;
  readonly #stderr: BoundedOutput;
  readonly #markedOut: MarkedOutput;
  readonly #markedErr: MarkedOutput;
  #channel: ClientChannel | undefined;
  #exit: number | undefined;
  #asked = 0;
  #scriptSent = false;
  #inputSent = false;
  #pid: number | undefined;
  #refused = false;
  #tellBegun!: (pid: number | undefined) => void;
  #tellEnd!: (end: CommandEnd) => void;
  #failEnd!: (error: unknown) => void;
  #lateClose: NodeJS.Timeout | undefined;

  constructor(request: CommandRequest) {
    this.#request = request;
    this.#mark = randomBytes(12).toString('hex');
    this.#stdout = new BoundedOutput(request.maxOutputBytes);
    this.#stderr = new BoundedOutput(request.maxOutputBytes);
    this.#markedOut = new MarkedOutput(goMark(this.#mark), this.#stdout);
    this.#markedErr = new MarkedOutput(goMark(this.#mark), this.#stderr);
    this.begun = new Promise((resolve) => {
      this.#tellBegun = resolve;
    });
    this.end = new Promise((resolve, reject) => {
      this.#tellEnd = resolve;
      this.#failEnd = reject;
    });
  }

  get openingLine(): string {
    return openingLine(this.#mark, this.#request.elevation);
  }

  /** Something of it may have reached the host, so that it may have run. */
  get sent(): boolean {
    return this.#scriptSent;
  }

  /** What it has said until now. */
  get said(): { readonly stdout: string; readonly stderr: string } {
    return { stdout: this.#stdout.text(), stderr: this.#stderr.text() };
  }

  /** Takes over the channel on which the opening line was accepted. */
  attach(channel: ClientChannel): void {
    this.#channel = channel;
    channel.on('data', (chunk: Buffer) => this.#markedOut.add(chunk));
    channel.stderr.on('data', (chunk: Buffer) => this.#heard(chunk));
    channel.on('exit', (code: number | null, signal?: string) => this.#exited(code, signal));
    channel.on('error', () => {});
    channel.on('close', () => this.#closed());
    if (this.#request.elevation !== 'ask') this.#sendScript();
  }

  /** Asks sshd to end it, which it does for a user's own process; the channel stays to hear of the end. */
  terminate(): void {
    this.#channel?.signal('TERM');
  }

  /** Lets go of the channel, whatever the host does. */
  abandon(): void {
    this.#channel?.close();
    this.#closed();
  }

  #heard(chunk: Buffer): void {
    this.#markedErr.add(chunk);
    if (!this.#pid) this.#lookForBeginning();
    if (this.#markedErr.marked && !this.#inputSent) this.#sendInput();
    if (this.#lateClose) this.#waitForClose();
  }

  #lookForBeginning(): void {
    const said = this.#markedErr.before;
    this.#pid = processIn(said, this.#mark);
    if (this.#pid) {
      this.#tellBegun(this.#pid);
      this.#sendScript();
      return;
    }
    const asked = said.split(promptMark(this.#mark)).length - 1;
    if (asked > this.#asked) this.#answer(asked);
  }

  #answer(asked: number): void {
    this.#asked = asked;
    const { sudoPassword = async () => undefined } = this.#request;
    sudoPassword(asked - 1).then(
      (password) => {
        if (password !== undefined) return this.#channel?.write(`${password}\n`);
        this.#refused = true;
        this.#channel?.end();
      },
      (error) => {
        this.#failEnd(error);
        this.abandon();
      },
    );
  }

  #sendScript(): void {
    if (this.#scriptSent) return;
    this.#scriptSent = true;
    this.#channel?.write(script(this.#mark, this.#request));
    if (this.#request.input === undefined) this.#channel?.end();
  }

  #sendInput(): void {
    this.#inputSent = true;
    const { input } = this.#request;
    if (input !== undefined) this.#channel?.end(typeof input === 'string' ? input : Buffer.from(input));
  }

  #exited(code: number | null, signal?: string): void {
    this.#exit =
      code ?? 128 + (constants.signals[`SIG${signal?.replace(/^SIG/, '')}` as NodeJS.Signals] ?? 0);
    this.#waitForClose();
  }

  /** A process that the command left behind may hold its outputs open for ever: once it is quiet, that is the end. */
  #waitForClose(): void {
    clearTimeout(this.#lateClose);
    this.#lateClose = setTimeout(() => this.abandon(), quietMs);
  }

  #closed(): void {
    clearTimeout(this.#lateClose);
    this.#tellBegun(this.#pid);
    this.#tellEnd(this.#howItEnded());
  }

  #howItEnded(): CommandEnd {
    if (this.#refused) return { kind: 'password refused' };
    if (this.#exit === undefined) return { kind: 'unknown' };
    if (!this.#markedErr.marked) return { kind: 'not run', said: this.#saidInstead() };
    return {
      kind: 'ended',
      status: this.#exit,
      stdout: this.#stdout.text(),
      stderr: this.#stderr.text(),
      truncated: this.#stdout.truncated || this.#stderr.truncated,
    };
  }

  #saidInstead(): string {
    const said = `${this.#markedErr.before}${this.#markedOut.before}`
      .replaceAll(promptMark(this.#mark), '')
      .trim();
    return said || `its login shell ended with status ${this.#exit} and said nothing`;
  }
}

const quietMs = 1_000;
