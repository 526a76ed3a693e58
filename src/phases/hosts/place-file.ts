import { createHash } from 'node:crypto';
import type { Host } from '../../cluster-file/hosts.js';
import type { RenderedFile } from '../../render/rendered-file.js';
import type { Door } from '../phase.js';
import { factsOf, type HostsContext, transportOf } from './context.js';

export interface Placing {
  /** Looks at the new file before it takes its place. */
  readonly check?: (temporary: string) => Promise<void>;
  /** Of ours alone, so it may have to be made. */
  readonly folder?: string;
  /** What is said of it besides its path. */
  readonly why?: string;
  /** Done before it is written, as part of the same change. */
  readonly before?: () => Promise<void>;
}

/** Writes a file where it is not already as it should be. What it replaces stays beside it. */
export async function placeFile(
  context: HostsContext,
  host: Host,
  door: Door,
  file: RenderedFile,
  placing: Placing = {},
): Promise<boolean> {
  const differs = differenceOf(context, host, file);
  if (!differs) return false;
  const { path, text, mode, owner, group } = file;
  const sentence = `${differs} ${path}${placing.why ? ` (${placing.why})` : ''}`;
  await door.change(sentence, async () => {
    const transport = transportOf(context, host);
    await placing.before?.();
    if (placing.folder) await transport.makeFolder(placing.folder, 0o755);
    const check = placing.check ? { check: placing.check } : {};
    await transport.writeFile(path, text, { mode, owner, group, keep: true, ...check });
  });
  return true;
}

/** In a word, what has to be done to the file; nothing when it is right. */
export function differenceOf(context: HostsContext, host: Host, file: RenderedFile): string | undefined {
  const there = factsOf(context, host).files.get(file.path);
  if (!there) return 'write';
  if (there.sha256 !== sha256(file.text)) return 'replace';
  const right = there.mode === file.mode && there.owner === file.owner && there.group === file.group;
  return right ? undefined : 'correct mode and owner of';
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
