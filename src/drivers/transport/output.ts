const defaultLimit = 8 * 1024 * 1024;

/**
 * The output of a command, up to a limit; what comes after is counted out. The
 * bytes are put together before they are read as UTF-8, so a character that two
 * chunks share stays whole, and one that the limit cuts is left out.
 */
export class BoundedOutput {
  readonly #limit: number;
  readonly #chunks: Uint8Array[] = [];
  #size = 0;
  truncated = false;

  constructor(limit = defaultLimit) {
    this.#limit = limit;
  }

  add(chunk: Uint8Array): void {
    const room = this.#limit - this.#size;
    if (chunk.length > room) this.truncated = true;
    if (room <= 0) return;
    const kept = chunk.length > room ? chunk.subarray(0, room) : chunk;
    this.#chunks.push(kept);
    this.#size += kept.length;
  }

  text(): string {
    const whole = Buffer.concat(this.#chunks, this.#size);
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(whole, { stream: this.truncated });
  }
}
