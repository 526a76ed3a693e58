/**
 * How a link opens. Both sides prove that they know the cookie without sending it, as Erlang's nodes do, the
 * side that called first:
 *
 *   caller  hello      role, name, incarnation, the name it means to reach
 *   called  challenge  its name and incarnation, a nonce
 *   caller  proof      a nonce of its own, HMAC-SHA256(cookie, 'caller' and all of the above)
 *   called  welcome    HMAC-SHA256(cookie, 'called' and all of the above), or refused and a reason
 *
 * The incarnation is a random name of one life of a node, so that one that came back is never taken for the one
 * that died. A life that ends between challenge and proof must not leave a link behind it: nobody would end it, and
 * the caller would take the node for dead as long as it is open.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { frame, frameTypes } from './frame.js';

type Role = 'node' | 'tool';

export interface Identity {
  name: string;
  incarnation: string;
}

export interface Far extends Identity {
  role: Role;
}

export type Refusal = 'cookie' | 'name' | 'protocol' | 'blocked' | 'restarted';

/** One step: bytes to send, if any; the far side once it is known and proven; or why it ends. */
export interface Step {
  send?: Buffer;
  open?: Far;
  refused?: Refusal;
}

interface Handshake {
  begin(): Buffer | null;
  receive(type: number, payload: Buffer): Step;
}

type Body = Record<string, string>;

export class CallerHandshake implements Handshake {
  readonly #nonce = randomBytes(32).toString('base64');
  readonly #hello: Body;
  #challenge: Body | null = null;

  constructor(
    private readonly cookie: string,
    self: Far,
    private readonly target: string,
  ) {
    this.#hello = { role: self.role, name: self.name, incarnation: self.incarnation, target };
  }

  begin(): Buffer {
    return write(frameTypes.hello, this.#hello);
  }

  receive(type: number, payload: Buffer): Step {
    const body = read(payload);
    if (type === frameTypes.refused) return { refused: (body?.reason ?? 'protocol') as Refusal };
    if (body === null) return { refused: 'protocol' };
    if (type === frameTypes.challenge && this.#challenge === null) {
      this.#challenge = body;
      if (body.name !== this.target) return { refused: 'name' };
      const digest = prove(this.cookie, 'caller', this.#hello, body, this.#nonce);
      return { send: write(frameTypes.proof, { nonce: this.#nonce, digest }) };
    }
    if (type !== frameTypes.welcome || this.#challenge === null) return { refused: 'protocol' };
    const expected = prove(this.cookie, 'called', this.#hello, this.#challenge, this.#nonce);
    if (!equal(expected, body.digest)) return { refused: 'cookie' };
    const { name = '', incarnation = '' } = this.#challenge;
    return { open: { role: 'node', name, incarnation } };
  }
}

export class CalledHandshake implements Handshake {
  readonly #challenge: Body;
  #hello: Body | null = null;

  constructor(
    private readonly cookie: string,
    private readonly self: Identity,
    private readonly admits: (far: Far) => boolean,
  ) {
    this.#challenge = {
      name: self.name,
      incarnation: self.incarnation,
      nonce: randomBytes(32).toString('base64'),
    };
  }

  begin(): null {
    return null;
  }

  receive(type: number, payload: Buffer): Step {
    const body = read(payload);
    if (body === null) return refuse('protocol');
    if (type === frameTypes.hello && this.#hello === null) {
      if (body.role !== 'node' && body.role !== 'tool') return refuse('protocol');
      if (body.target !== this.self.name) return refuse('name');
      this.#hello = body;
      return { send: write(frameTypes.challenge, this.#challenge) };
    }
    if (type !== frameTypes.proof || this.#hello === null) return refuse('protocol');
    const nonce = body.nonce ?? '';
    const expected = prove(this.cookie, 'caller', this.#hello, this.#challenge, nonce);
    if (!equal(expected, body.digest)) return refuse('cookie');
    const { role, name = '', incarnation = '' } = this.#hello;
    const far: Far = { role: role as Role, name, incarnation };
    if (!this.admits(far)) return refuse('blocked');
    if (role === 'node' && this.#challenge.incarnation !== this.self.incarnation) return refuse('restarted');
    const digest = prove(this.cookie, 'called', this.#hello, this.#challenge, nonce);
    return { send: write(frameTypes.welcome, { digest }), open: far };
  }
}

const refuse = (reason: Refusal): Step => ({ send: write(frameTypes.refused, { reason }), refused: reason });

function prove(cookie: string, side: string, hello: Body, challenge: Body, nonce: string): string {
  const said = [
    side,
    hello.role,
    hello.name,
    hello.incarnation,
    hello.target,
    challenge.name,
    challenge.incarnation,
    challenge.nonce,
    nonce,
  ];
  return createHmac('sha256', cookie).update(JSON.stringify(said)).digest('base64');
}

function equal(expected: string, given: string | undefined): boolean {
  const bytes = Buffer.from(given ?? '');
  return bytes.length === expected.length && timingSafeEqual(Buffer.from(expected), bytes);
}

const write = (type: Parameters<typeof frame>[0], body: Body) =>
  frame(type, Buffer.from(JSON.stringify(body)));

/** JSON of strings only: nothing of the unproven far side is given to a richer reader. */
function read(payload: Buffer): Body | null {
  try {
    const body: unknown = JSON.parse(payload.toString('utf8'));
    if (typeof body !== 'object' || body === null || Array.isArray(body)) return null;
    return Object.values(body).every((value) => typeof value === 'string') ? (body as Body) : null;
  } catch {
    return null;
  }
}
