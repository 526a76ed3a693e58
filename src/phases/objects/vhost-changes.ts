import type { FileVhost } from '../../cluster-file/objects.js';
import { queueTypeChangeableSince } from '../../cluster-file/replication.js';
import { atLeast } from '../../cluster-file/version.js';
import { segment } from '../../drivers/management-api/client.js';
import { type ObjectChange, put, sameJson } from './change.js';
import type { DefinedVhost, Found } from './definitions.js';

export function vhostChanges(wanted: readonly FileVhost[], found: Found): ObjectChange[] {
  return wanted.flatMap((vhost) => {
    const there = found.vhosts.find(({ name }) => name === vhost.name);
    const version = found.definitions.rabbitmq_version ?? '0';
    return [...vhostChange(vhost, there, version), ...limitChanges(vhost, found)];
  });
}

function vhostChange(vhost: FileVhost, there: DefinedVhost | undefined, version: string): ObjectChange[] {
  const { name, description, tags } = vhost;
  // Before that version a vhost keeps the type that it was made with, whatever it is told.
  const type = !there || atLeast(version, queueTypeChangeableSince) ? vhost.default_queue_type : undefined;
  const known = there?.default_queue_type === 'undefined' ? undefined : there?.default_queue_type;
  const same =
    there &&
    (description === undefined || description === (there.description ?? '')) &&
    (tags.length === 0 || sameJson(tags, wordsOf(there.tags))) &&
    (type === undefined || type === known);
  if (same) return [];
  const body = {
    description: description ?? there?.description ?? '',
    tags: (tags.length > 0 ? tags : wordsOf(there?.tags)).join(','),
    // The first name is 3.12's and later, the second that of those before.
    ...(type === undefined ? {} : { default_queue_type: type, defaultqueuetype: type }),
  };
  const sentence = there ? `change vhost ${name}` : `make vhost ${name}`;
  return [put(sentence, `/vhosts/${segment(name)}`, () => body)];
}

function limitChanges({ name, limits }: FileVhost, { definitions }: Found): ObjectChange[] {
  const there = definitions.parameters.find(
    ({ component, vhost }) => component === 'vhost-limits' && vhost === name,
  )?.value as Record<string, number> | undefined;
  return Object.entries(limits)
    .filter(([limit, value]) => there?.[limit] !== value)
    .map(([limit, value]) =>
      put(`set ${limit} of vhost ${name} to ${value}`, `/vhost-limits/${segment(name)}/${limit}`, () => ({
        value,
      })),
    );
}

export function wordsOf(words: readonly string[] | string | undefined): readonly string[] {
  if (typeof words !== 'string') return words ?? [];
  return words.split(/\s*,\s*/).filter(Boolean);
}
