/**
 * Resource alarms of the whole cluster. An alarm on any node (memory above the watermark, disk below the limit)
 * blocks the publishing connections of every node, as RabbitMQ's does; `node.ts` measures, the cluster passes
 * the alarms of the other nodes on, connections ask for the reason they are blocked for.
 */
export type AlarmResource = 'memory' | 'disk';

export interface Alarm {
  readonly node: string;
  readonly resource: AlarmResource;
}

export class Alarms {
  readonly #active = new Map<string, Alarm>();
  readonly #listeners: ((reason: string | null) => void)[] = [];

  active(): Alarm[] {
    return [...this.#active.values()];
  }

  isSet(node: string, resource: AlarmResource): boolean {
    return this.#active.has(`${resource} ${node}`);
  }

  set(alarm: Alarm): void {
    const before = this.reason();
    this.#active.set(`${alarm.resource} ${alarm.node}`, alarm);
    this.#tell(before);
  }

  clear(alarm: Alarm): void {
    const before = this.reason();
    this.#active.delete(`${alarm.resource} ${alarm.node}`);
    this.#tell(before);
  }

  /** A node that went down takes its alarms along. */
  clearNode(node: string): void {
    const before = this.reason();
    for (const [key, alarm] of this.#active) if (alarm.node === node) this.#active.delete(key);
    this.#tell(before);
  }

  /** What connection.blocked says: "low on memory", "low on memory & disk"; null when nothing blocks. */
  reason(): string | null {
    const resources = new Set([...this.#active.values()].map((alarm) => alarm.resource));
    if (resources.size === 0) return null;
    return `low on ${(['memory', 'disk'] as const).filter((each) => resources.has(each)).join(' & ')}`;
  }

  /** Called when the reason changes, also to null. */
  onChange(listener: (reason: string | null) => void): void {
    this.#listeners.push(listener);
  }

  #tell(before: string | null): void {
    const reason = this.reason();
    if (reason === before) return;
    for (const listener of this.#listeners) listener(reason);
  }
}
