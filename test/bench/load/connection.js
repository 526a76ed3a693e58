/**
 * A connection with one channel on a raw socket. Incoming frames are walked over, not decoded: `onMethod` is
 * told of method frames (class and method in one number, and where the arguments are), which is all that a load
 * needs to count; `onBody`, where it is set, of body frames.
 */
import { connect as connectSocket } from 'node:net';
import { longString, method, PROTOCOL } from './frames.js';

const TABLE = Buffer.alloc(4);

export async function connect({ port, host = '127.0.0.1', user = 'guest', password = 'guest' }) {
  const socket = connectSocket({ port, host, noDelay: true });
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  const connection = new Connection(socket);
  socket.write(PROTOCOL);
  await connection.expect(10, 10);
  const start = [TABLE, 'PLAIN', longString(`\0${user}\0${password}`), 'en_US'];
  socket.write(method(0, 10, 11, ...start));
  await connection.expect(10, 30);
  socket.write(method(0, 10, 31, [2047, 2], [131072, 4], [0, 2]));
  socket.write(method(0, 10, 40, '/', '', 0));
  await connection.expect(10, 41);
  socket.write(method(1, 20, 10, longString('').subarray(0, 0), ''));
  await connection.expect(20, 11);
  return connection;
}

class Connection {
  onMethod = () => {};
  /** Told of whole body frames, if anybody wants to read them. */
  onBody = null;
  #waiting = new Map();
  #rest = null;
  #skip = 0;

  constructor(socket) {
    this.socket = socket;
    socket.on('data', (bytes) => this.#walk(bytes));
    socket.on('error', () => {});
  }

  write(bytes) {
    return this.socket.write(bytes);
  }

  async call(request, classId, methodId) {
    const reply = this.expect(classId, methodId);
    this.socket.write(request);
    return reply;
  }

  /** Resolves when this method arrives, rejects when the broker closes instead. */
  expect(classId, methodId) {
    return new Promise((resolve, reject) => {
      this.#waiting.set((classId << 16) | methodId, { resolve, reject });
    });
  }

  close() {
    this.socket.destroy();
  }

  /** Bodies are skipped, never gathered. */
  #walk(chunk) {
    let bytes = chunk;
    let at = this.#skip;
    if (this.#rest !== null) bytes = Buffer.concat([this.#rest, chunk]);
    while (at + 7 <= bytes.length) {
      const size = (bytes[at + 3] << 24) | (bytes[at + 4] << 16) | (bytes[at + 5] << 8) | bytes[at + 6];
      if (bytes[at] === 1) {
        if (at + size + 8 > bytes.length) break;
        const id = (bytes[at + 7] << 24) | (bytes[at + 8] << 16) | (bytes[at + 9] << 8) | bytes[at + 10];
        this.onMethod(id, bytes, at + 11, at + size + 8);
        if (this.#waiting.size > 0) this.#arrived(id, bytes, at + 11);
      } else if (bytes[at] === 3 && this.onBody !== null) {
        if (at + size + 8 > bytes.length) break;
        this.onBody(bytes, at + 7, at + 7 + size);
      }
      at += size + 8;
    }
    this.#skip = Math.max(0, at - bytes.length);
    this.#rest = at < bytes.length ? bytes.subarray(at) : null;
  }

  #arrived(id, bytes, at) {
    const waiting = this.#waiting.get(id);
    if (waiting !== undefined) {
      this.#waiting.delete(id);
      waiting.resolve();
    } else if (id === ((10 << 16) | 50) || id === ((20 << 16) | 40)) {
      const text = bytes.toString('utf8', at + 3, at + 3 + bytes[at + 2]);
      for (const { reject } of this.#waiting.values()) reject(new Error(text));
      this.#waiting.clear();
    }
  }
}
