import type { EngineNode } from './node.js';

/** Deletes what programs made in the default vhost, whose names are theirs to choose. */
export async function emptyDefaultVhost(node: EngineNode): Promise<void> {
  for (const kind of ['queues', 'exchanges']) {
    const { body } = await node.api('GET', `${kind}/%2F?columns=name`);
    const made = (body as { name: string }[]).filter(({ name }) => name !== '' && !name.startsWith('amq.'));
    for (const { name } of made) await node.api('DELETE', `${kind}/%2F/${encodeURIComponent(name)}`);
  }
}
