import { Duplex } from 'node:stream';

/** Two ends of a connection in memory: what one writes the other reads, a turn later. */
export function memoryPair(): [Duplex, Duplex] {
  const ends: [Duplex, Duplex] = [end(() => ends[1]), end(() => ends[0])];
  return ends;
}

function end(other: () => Duplex): Duplex {
  return new Duplex({
    allowHalfOpen: false,
    read() {},
    write(chunk: Buffer, _encoding, done) {
      // The far side may keep what it reads; the writer uses its buffer again.
      const copy = Buffer.from(chunk);
      setImmediate(() => {
        if (!other().destroyed) other().push(copy);
        done();
      });
    },
    final(done) {
      setImmediate(() => {
        if (!other().destroyed) other().push(null);
        done();
      });
    },
    destroy(error, done) {
      setImmediate(() => other().destroy());
      done(error);
    },
  });
}
