import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FrameReader, type FrameSink } from '../../../src/broker/protocol/frame-reader.js';
import { frame } from '../connection/client.js';

interface Seen {
  type: number;
  channel: number;
  payload: string;
}

class Collecting implements FrameSink {
  readonly seen: Seen[] = [];
  readonly problems: string[] = [];
  onFrame: () => void = () => {};

  frame(type: number, channel: number, bytes: Buffer, start: number, end: number): boolean {
    this.seen.push({ type, channel, payload: bytes.toString('hex', start, end) });
    this.onFrame();
    return type !== 9;
  }
  frameTooLarge(type: number, channel: number, size: number): void {
    this.problems.push(`${type} on ${channel}: ${size} is too large`);
  }
  badFrameEnd(
    type: number,
    channel: number,
    _bytes: Buffer,
    start: number,
    end: number,
    octet: number,
  ): void {
    this.problems.push(`${type} on ${channel}: ${end - start} octets end with ${octet}`);
  }
}

const frames = fc.array(
  fc.record({
    type: fc.constantFrom(1, 2, 3, 8),
    channel: fc.nat(65535),
    payload: fc.uint8Array({ maxLength: 50 }).map((bytes) => Buffer.from(bytes)),
  }),
  { maxLength: 12 },
);

function chunked(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const at = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  return [...at, bytes.length].map((cut, index) => bytes.subarray(at[index - 1] ?? 0, cut));
}

describe('frame reader', () => {
  test('finds the same frames however the stream is cut, and wherever it pauses', () => {
    fc.assert(
      fc.property(frames, fc.array(fc.nat(2000), { maxLength: 30 }), fc.nat(12), (given, cuts, pauseAt) => {
        const sink = new Collecting();
        const reader = new FrameReader(sink, 4096);
        sink.onFrame = () => {
          if (sink.seen.length === pauseAt) reader.pause();
        };
        const stream = Buffer.concat(
          given.map(({ type, channel, payload }) => frame(type, channel, payload)),
        );
        for (const chunk of chunked(stream, cuts)) reader.push(chunk);
        if (pauseAt > 0) expect(sink.seen.length).toBe(Math.min(given.length, pauseAt));
        sink.onFrame = () => {};
        reader.resume();
        expect(sink.seen).toEqual(
          given.map(({ type, channel, payload }) => ({ type, channel, payload: payload.toString('hex') })),
        );
        expect(sink.problems).toEqual([]);
      }),
    );
  });

  test('a frame too large is told before its payload comes, and nothing is read behind it', () => {
    const sink = new Collecting();
    const reader = new FrameReader(sink, 10);
    reader.push(frame(1, 7, Buffer.alloc(10)));
    const header = frame(3, 7, Buffer.alloc(11)).subarray(0, 7);
    reader.push(header.subarray(0, 3));
    reader.push(header.subarray(3));
    reader.push(frame(1, 1, Buffer.alloc(1)));
    expect(sink.seen).toHaveLength(1);
    expect(sink.problems).toEqual(['3 on 7: 11 is too large']);
  });

  test('a wrong frame end stops the reading', () => {
    const sink = new Collecting();
    const reader = new FrameReader(sink, 100);
    const wrong = frame(2, 1, Buffer.from('abc'));
    wrong[wrong.length - 1] = 0x42;
    reader.push(Buffer.concat([wrong, frame(1, 1, Buffer.alloc(1))]));
    expect(sink.problems).toEqual(['2 on 1: 3 octets end with 66']);
    expect(sink.seen).toEqual([]);
  });

  test('the sink may stop the reading', () => {
    const sink = new Collecting();
    const reader = new FrameReader(sink, 100);
    reader.push(Buffer.concat([frame(9, 0, Buffer.alloc(0)), frame(1, 1, Buffer.alloc(1))]));
    expect(sink.seen).toHaveLength(1);
  });
});
