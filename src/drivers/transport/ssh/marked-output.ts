import type { BoundedOutput } from '../output.js';

/**
 * One output of a remote command. A login shell, a banner or sudo may print
 * before the command does; what belongs to the command begins after a line that
 * only it can have been told to print. Until that line has come, what was said
 * is kept apart, and its end is enough of it.
 */
export class MarkedOutput {
  readonly #mark: Buffer;
  readonly #output: BoundedOutput;
  #before: Buffer = Buffer.alloc(0);
  #marked = false;

  constructor(mark: string, output: BoundedOutput) {
    this.#mark = Buffer.from(`${mark}\n`);
    this.#output = output;
  }

  get marked(): boolean {
    return this.#marked;
  }

  /** What was said before the mark. */
  get before(): string {
    return this.#before.toString('utf8');
  }

  add(chunk: Buffer): void {
    if (this.#marked) {
      this.#output.add(chunk);
      return;
    }
    const all = Buffer.concat([this.#before, chunk]);
    const at = all.indexOf(this.#mark);
    if (at < 0) {
      this.#before = all.subarray(Math.max(0, all.length - keptBefore));
      return;
    }
    this.#marked = true;
    this.#before = all.subarray(0, at);
    this.#output.add(all.subarray(at + this.#mark.length));
  }
}

const keptBefore = 16 * 1024;
