/**
 * Gathers what is written in one turn of the event loop. Whoever has something to send enlists; when the turn's
 * input is read, each is flushed once: its confirms become frames, then everything goes to its socket in one
 * write. Output buffers are lent for a turn and come back as soon as the kernel took their bytes, so idle
 * connections hold none.
 */
export interface Flushable {
  flush(): void;
}

export const smallBuffer = 4 * 1024;
export const largeBuffer = 128 * 1024;
const kept = 8;

export class FlushLoop {
  #enlisted: Flushable[] = [];
  #spare: Flushable[] = [];
  #scheduled = false;
  readonly #small: Buffer[] = [];
  readonly #large: Buffer[] = [];

  enlist(item: Flushable): void {
    this.#enlisted.push(item);
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(this.#run);
  }

  take(size: typeof smallBuffer | typeof largeBuffer): Buffer {
    const spare = size === smallBuffer ? this.#small : this.#large;
    return spare.pop() ?? Buffer.allocUnsafeSlow(size);
  }

  give(buffer: Buffer): void {
    if (buffer.length === smallBuffer) {
      if (this.#small.length < kept) this.#small.push(buffer);
    } else if (buffer.length === largeBuffer && this.#large.length < kept) this.#large.push(buffer);
  }

  readonly #run = (): void => {
    this.#scheduled = false;
    const items = this.#enlisted;
    this.#enlisted = this.#spare;
    for (const item of items) item.flush();
    items.length = 0;
    this.#spare = items;
  };
}
