interface Change {
  readonly phase: string;
  readonly host?: string | undefined;
  readonly sentence: string;
  readonly asks?: string | undefined;
}

interface PlanRows {
  readonly cluster: string;
  readonly changes: readonly Change[];
}

/** Host by host, in the order in which it would be done there; what asks first is marked. */
export function planText({ cluster, changes }: PlanRows): string {
  if (changes.length === 0) return `Cluster ${cluster} is as the file says: nothing to do.`;
  const hosts = [...new Set(changes.map(({ host }) => host ?? 'the cluster'))];
  const blocks = hosts.map((host) => {
    const own = changes.filter((change) => (change.host ?? 'the cluster') === host);
    return [`${host}:`, ...own.map(line)].join('\n');
  });
  const count = changes.length === 1 ? '1 change' : `${changes.length} changes`;
  const asked = changes.some(({ asks }) => asks) ? ['', '! is asked about first.'] : [];
  return [`Cluster ${cluster}: ${count}`, '', blocks.join('\n'), ...asked].join('\n');
}

function line({ sentence, asks }: Change): string {
  return asks ? `  ! ${sentence} (${asks})` : `    ${sentence}`;
}
