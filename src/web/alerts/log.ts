/**
 * Alerts now and before. A finding that is seen becomes an alert with a beginning; when it is no longer seen
 * it has an end and goes to the past, which this tab remembers for its session, the latest two hundred.
 */
import type { Finding } from './rules.js';

export interface Alert extends Finding {
  readonly since: number;
}

export interface PastAlert extends Alert {
  readonly until: number;
}

/** As much of sessionStorage as is used. */
export interface Memory {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

const kept = 'warren.alerts';
const most = 200;

export class AlertLog {
  readonly #memory: Memory;
  #now: readonly Alert[];
  #past: readonly PastAlert[];

  constructor(memory: Memory) {
    this.#memory = memory;
    const { now, past } = readKept(memory);
    this.#now = now;
    this.#past = past;
  }

  get now(): readonly Alert[] {
    return this.#now;
  }

  /** The latest first. */
  get past(): readonly PastAlert[] {
    return this.#past;
  }

  observe(findings: readonly Finding[], at: number): void {
    const since = new Map(this.#now.map((alert) => [alert.id, alert.since]));
    const still = new Set(findings.map(({ id }) => id));
    const over = this.#now.filter(({ id }) => !still.has(id)).map((alert) => ({ ...alert, until: at }));
    this.#past = [...over, ...this.#past].slice(0, most);
    this.#now = findings.map((finding) => ({ ...finding, since: since.get(finding.id) ?? at }));
    this.#keep();
  }

  #keep(): void {
    this.#memory.setItem(kept, JSON.stringify({ now: this.#now, past: this.#past }));
  }
}

function readKept(memory: Memory): { now: readonly Alert[]; past: readonly PastAlert[] } {
  try {
    const text = memory.getItem(kept);
    if (text) return JSON.parse(text) as { now: Alert[]; past: PastAlert[] };
  } catch {
    // What cannot be read is as good as nothing.
  }
  return { now: [], past: [] };
}
