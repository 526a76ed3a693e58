/**
 * The bodies of requests. However many come at a time, those that are held together are no larger than a few of
 * the largest: who comes with more is told to try again, before it is read; of a client that has gone nothing is taken.
 */
import { Refusal } from './refusal.js';

const largestAtOnce = 4;

export class Bodies {
  #held = 0;

  constructor(private readonly largest: number) {}

  /** One request's; it counts until `release`. */
  one(): Body {
    let size = 0;
    return {
      read: async (stream) => {
        const chunks: Uint8Array[] = [];
        try {
          for await (const chunk of stream) {
            size += chunk.length;
            this.#held += chunk.length;
            if (size > this.largest) throw new Refusal(413, null, { connection: 'close' });
            if (this.#held > largestAtOnce * this.largest) throw tooMuch();
            chunks.push(chunk);
          }
        } catch (error) {
          throw error instanceof Refusal ? error : new Refusal(400, null);
        }
        return Buffer.concat(chunks).toString();
      },
      release: () => {
        this.#held -= size;
        size = 0;
      },
    };
  }
}

export interface Body {
  /** Throws a Refusal where it is too large, alone or with the others. */
  read(stream: AsyncIterable<Uint8Array>): Promise<string>;
  release(): void;
}

const tooMuch = () => new Refusal(503, null, { 'retry-after': '1', connection: 'close' });
