import { findingText } from './check.js';

interface ApplyRows {
  readonly cluster: string;
  readonly changes: readonly unknown[];
  readonly hosts: readonly HostRow[];
  readonly failed: boolean;
  readonly failure?:
    | { readonly code: string; readonly message: string; readonly why?: string; readonly next: string }
    | undefined;
  readonly notes: readonly { readonly host: string; readonly problem: string; readonly next: string }[];
  readonly proof?:
    | {
        readonly nodes: number;
        readonly messages: number;
        readonly through: string;
        readonly replicated?: { readonly kind: string; readonly copies: number } | undefined;
      }
    | undefined;
  readonly seconds: number;
}

interface HostRow {
  readonly host: string;
  readonly done: readonly string[];
  readonly begun: readonly string[];
  readonly notDone: readonly string[];
  readonly failure?:
    | {
        readonly phase: string;
        readonly problem: string;
        readonly why?: string | undefined;
        readonly next: string;
      }
    | undefined;
}

/** What was done on each host; after a failure also what was not, why, and how to go on. */
export function applyText(result: ApplyRows): string {
  const { cluster, changes, hosts, failed, failure, proof, seconds } = result;
  const lines = failed ? hosts.map(hostText) : hosts.filter(({ done }) => done.length > 0).map(summary);
  const stopped = failure?.code === 'INTERRUPTED' || failure?.code === 'TERMINATED';
  const count = changes.length === 1 ? '1 change' : `${changes.length} changes`;
  const idle = failed ? 'nothing was changed' : 'nothing to do';
  const head = `Cluster ${cluster}: ${changes.length === 0 ? idle : count}`;
  return [
    `${head} (${seconds} s)`,
    ...lines,
    ...(proof ? [proofText(proof)] : []),
    ...(failure
      ? [
          stopped ? failure.message : `failed: ${failure.message}`,
          ...(failure.why ? [`   why: ${failure.why}`] : []),
          `  next: ${failure.next}`,
        ]
      : []),
    ...(failed ? ['', stopped ? notFinished : `${notFinished} Put that right and type the same again.`] : []),
    ...(failed && !stopped ? result.notes.map(findingText) : []),
  ].join('\n');
}

const notFinished =
  'Not finished. What is done stays done; what was begun may have come to its end or not, and is looked at again.';

function summary({ host, done }: HostRow): string {
  return `  ${host}: ${done.length === 1 ? done[0] : `${done.length} changes`}`;
}

function hostText({ host, done, begun, notDone, failure }: HostRow): string {
  if (done.length + begun.length + notDone.length === 0 && !failure) return `${host}: nothing to do`;
  return [
    `${host}:`,
    ...done.map((sentence) => `  done: ${sentence}`),
    ...begun.map((sentence) => `  begun: ${sentence}`),
    ...notDone.map((sentence) => `  not done: ${sentence}`),
    ...(failure ? [`  failed in '${failure.phase}': ${failure.problem}`] : []),
    ...(failure?.why ? [`    why: ${failure.why.split('\n').join('\n         ')}`] : []),
    ...(failure ? [`    next: ${failure.next}`] : []),
  ].join('\n');
}

function proofText({ nodes, messages, through, replicated }: NonNullable<ApplyRows['proof']>): string {
  const agreed = nodes === 1 ? 'The node runs' : `All ${nodes} nodes agree`;
  if (messages === 0) return `Verified: ${agreed.toLowerCase()}; no user of the file may send a message.`;
  const copies = replicated ? `; a ${replicated.kind} queue has its ${replicated.copies} copies` : '';
  return `Verified: ${agreed.toLowerCase()}; ${messages} messages confirmed and consumed through ${through}${copies}.`;
}
