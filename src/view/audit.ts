interface AuditRows {
  readonly cluster: string;
  readonly runs: readonly {
    readonly at: string;
    readonly who: string;
    readonly command: string;
    readonly outcome: string;
    readonly seconds?: number | undefined;
    readonly changes: readonly {
      readonly host?: string | undefined;
      readonly sentence: string;
    }[];
    readonly error?: string | undefined;
  }[];
}

/** Run by run, the oldest first, each with all that it did. */
export function auditText({ cluster, runs }: AuditRows): string {
  if (runs.length === 0) return `No run on cluster ${cluster} is recorded here.`;
  return runs
    .map(({ at, who, command, outcome, seconds, changes, error }) =>
      [
        `${at}  ${who}  ${outcome}${seconds === undefined ? '' : ` in ${seconds} s`}`,
        `  ${command}`,
        ...changes.map(({ host, sentence }) => `    ${host ?? cluster}: ${sentence}`),
        ...(error ? [`  ${error}`] : []),
      ].join('\n'),
    )
    .join('\n');
}
