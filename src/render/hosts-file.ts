import type { ClusterFile } from '../cluster-file/cluster-file.js';
import { hostsOf } from '../cluster-file/hosts.js';
import { template } from './template.js';

/**
 * Each host of the cluster has its own line with the address that the others
 * reach it at. Our lines stand between two marks; the rest of the file is kept,
 * but for our hosts' names: on a line before ours, such as Debian's
 * `127.0.1.1 server1`, a name would lead to another address, since the first
 * line wins.
 */
export async function hostsBlock(file: ClusterFile): Promise<string> {
  const fill = await template('hosts');
  return fill({ ...marks(file.name), hosts: entriesOf(file) });
}

/** `existing` with the block in its place: where it stands already, or at the end. */
export function hostsFile(existing: string, block: string, file: ClusterFile): string {
  const ours = new Set(entriesOf(file).flatMap(({ names }) => names.map((name) => name.toLowerCase())));
  const { begin, end } = marks(file.name);
  const lines = existing.replace(/\n+$/, '').split('\n');
  const from = lines.indexOf(begin);
  const to = lines.indexOf(end, from);
  const found = from >= 0 && to > from;
  const before = found ? lines.slice(0, from) : lines;
  const after = found ? lines.slice(to + 1) : [];
  const kept = (some: readonly string[]) => some.flatMap((line) => withoutNames(line, ours));
  return `${[...kept(before), block.trimEnd(), ...kept(after)].join('\n').replace(/^\n+/, '')}\n`;
}

/** `existing` without the block; the host itself keeps a line, as a new Debian has it, if that took its last one. */
export function hostsFileWithout(
  existing: string,
  { name }: Pick<ClusterFile, 'name'>,
  host: string,
): string {
  const { begin, end } = marks(name);
  const lines = existing.replace(/\n+$/, '').split('\n');
  const from = lines.indexOf(begin);
  const to = lines.indexOf(end, from);
  if (from < 0 || to < from) return existing;
  const kept = [...lines.slice(0, from), ...lines.slice(to + 1)];
  const named = kept.some((line) => line.replace(/#.*/, '').trim().split(/\s+/).slice(1).includes(host));
  return `${[...kept, ...(named ? [] : [`127.0.1.1 ${host}`])].join('\n').replace(/^\n+/, '')}\n`;
}

function marks(cluster: string) {
  return {
    begin: `# BEGIN cluster ${cluster} (warren keeps the lines between)`,
    end: `# END cluster ${cluster}`,
  };
}

/** A name with dots also goes by its first part. */
function entriesOf(file: ClusterFile): { address: string; names: string[] }[] {
  return hostsOf(file).map(({ name, address }) => ({
    address,
    names: name.includes('.') ? [name, name.slice(0, name.indexOf('.'))] : [name],
  }));
}

function withoutNames(line: string, ours: ReadonlySet<string>): string[] {
  const [entry = '', ...comment] = line.split('#');
  const [address, ...names] = entry.trim().split(/\s+/);
  const others = names.filter((name) => !ours.has(name.toLowerCase()));
  if (!address || others.length === names.length) return [line];
  const rest = comment.length > 0 ? [`#${comment.join('#')}`] : [];
  return others.length === 0 && rest.length === 0
    ? []
    : [[...(others.length > 0 ? [address, ...others] : []), ...rest].join(' ')];
}
