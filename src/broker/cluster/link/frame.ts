/**
 * Frames between nodes: a 32-bit length, a type, a payload. The reader joins frames from the socket's chunks,
 * and hands out slices of them where a frame lies within one chunk: whoever keeps a payload copies it.
 */
export const frameTypes = {
  // link/handshake.ts: the only ones before a link is open
  hello: 1,
  challenge: 2,
  proof: 3,
  welcome: 4,
  refused: 5,
  // link/link.ts
  tick: 8,
  call: 9,
  answer: 10,
  failure: 11,
  // replication/: metadata
  snapshot: 16,
  transaction: 17,
  applied: 18,
  // queues/: queue led elsewhere
  open: 32,
  publish: 33,
  confirmed: 34,
  nacked: 35,
  deliver: 36,
  settle: 37,
  credit: 38,
  cancelled: 39,
  // mirrors/
  mirrorBegin: 48,
  mirrorMissing: 49,
  mirrorEntry: 50,
  mirrorDelivered: 51,
  mirrorRemove: 52,
  mirrorRemoveAll: 53,
  mirrorSafe: 54,
  mirrorSynced: 55,
  mirrorEnd: 56,
} as const;

export type FrameType = (typeof frameTypes)[keyof typeof frameTypes];

export const headerSize = 5;

/** Before the handshake is over nobody may make us keep more than this. */
const handshakeLimit = 4096;
/** The largest message is 512 MiB (RabbitMQ's max_message_size); a snapshot may be larger than a message. */
export const frameLimit = 0x4000_0000;

export class FrameReader {
  limit = handshakeLimit;
  #held: Buffer[] = [];
  #size = 0;
  #needed = headerSize;

  /** Calls back for each whole frame; throws on a length over the limit. `accept` may raise the limit. */
  push(chunk: Buffer, accept: (type: number, payload: Buffer) => void): void {
    this.#held.push(chunk);
    this.#size += chunk.length;
    if (this.#size < this.#needed) return;
    const data = this.#held.length === 1 ? chunk : Buffer.concat(this.#held, this.#size);
    this.#held = [];
    this.#size = 0;
    let at = 0;
    for (;;) {
      if (data.length - at < headerSize) {
        this.#needed = headerSize;
        break;
      }
      const length = data.readUInt32BE(at);
      if (length < 1 || length > this.limit) throw new RangeError(`frame of ${length} bytes`);
      this.#needed = length + 4;
      if (data.length - at < this.#needed) break;
      at += this.#needed;
      accept(data[at - length] as number, data.subarray(at - length + 1, at));
    }
    if (at < data.length) {
      this.#held.push(at === 0 ? data : data.subarray(at));
      this.#size = data.length - at;
    }
  }
}

export function frame(type: FrameType, payload: Buffer): Buffer {
  const bytes = Buffer.allocUnsafe(headerSize + payload.length);
  bytes.writeUInt32BE(payload.length + 1, 0);
  bytes[4] = type;
  payload.copy(bytes, headerSize);
  return bytes;
}
