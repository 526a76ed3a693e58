/** `lengths_age=60&lengths_incr=5`: samples of the last minute, one each five seconds. */
import type { Call } from '../http/call.js';
import { badRequest } from '../http/refusal.js';

export interface Range {
  /** Seconds. */
  age: number;
  incr: number;
}

/** What samples are wanted of: queue lengths, message rates, bytes of connections, a node's figures. */
export interface Ranges {
  lengths: Range | null;
  messages: Range | null;
  data: Range | null;
  node: Range | null;
}

export const noRanges: Ranges = { lengths: null, messages: null, data: null, node: null };

const mostSamples = 500;

export function rangesOf(call: Call, refusal = 'bad_request'): Ranges {
  return {
    lengths: range(call, 'lengths', refusal),
    messages: range(call, 'msg_rates', refusal),
    data: range(call, 'data_rates', refusal),
    node: range(call, 'node_stats', refusal),
  };
}

/** Lists of objects have a name of their own for a range that is refused. */
export const listRangesOf = (call: Call): Ranges => rangesOf(call, 'invalid_range_parameters');

/** Null unless both are whole numbers. */
function range(call: Call, prefix: string, refusal: string): Range | null {
  const [age, incr] = [call.query(`${prefix}_age`), call.query(`${prefix}_incr`)].map((text) =>
    /^\d+$/.test(text ?? '') ? Number(text) : null,
  );
  if (age == null || incr == null) return null;
  if (age < 1 || incr < 1 || age / incr > mostSamples) {
    throw badRequest(`Invalid range parameters: age ${age}, incr ${incr}`, refusal);
  }
  return { age, incr };
}

/** Milliseconds since 1970, the newest first, on whole increments, so that all nodes answer for the same times. */
export function timesOf({ age, incr }: Range, now: number): number[] {
  const step = incr * 1000;
  const newest = Math.floor(now / step) * step;
  return Array.from({ length: Math.floor(age / incr) + 1 }, (_, index) => newest - index * step);
}
