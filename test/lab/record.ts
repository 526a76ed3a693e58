import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { labsFolder } from './places.js';
import type { ProcessMark } from './processes.js';

export interface HostRecord {
  readonly name: string;
  readonly address: string;
  /** The folders that its root is made of, topmost first. */
  readonly layers: readonly string[];
  /** Whether they are overlaid; otherwise its root is a copy of them. */
  readonly overlaid: boolean;
  /** The folder of packages that it sees as /srv/repo. */
  readonly packages: string;
  /** The room on its disk, in tmpfs's words; undefined: this machine's. */
  readonly disk?: string;
  /** The container while it is on. */
  process?: ProcessMark;
}

/** What must be known of a lab to work with it, or to clear it away, from another process. */
export interface LabRecord {
  readonly name: string;
  /** The test process it belongs to; a lab by hand has none, and stays until it is taken down. */
  readonly owner?: ProcessMark;
  readonly hosts: HostRecord[];
}

export function labPlace(name: string): string {
  return path.join(labsFolder(), name);
}

export function readRecord(name: string): LabRecord | undefined {
  const file = recordFile(name);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as LabRecord) : undefined;
}

export function writeRecord(record: LabRecord): void {
  const file = recordFile(record.name);
  writeFileSync(`${file}.new`, JSON.stringify(record, undefined, 2));
  renameSync(`${file}.new`, file);
}

export function labNames(): string[] {
  return readdirSync(labsFolder());
}

function recordFile(name: string): string {
  return path.join(labPlace(name), 'lab.json');
}
