import { randomUUID } from 'node:crypto';
import { hostname, userInfo } from 'node:os';
import { type AuditLine, appendAudit, appendHostAudit, auditFile } from '../drivers/audit/audit-log.js';
import type { ErrorReport } from '../errors/warren-error.js';
import type { HostsContext } from '../phases/hosts/context.js';
import type { ChangeList } from './change-list.js';
import type { Surroundings } from './surroundings.js';

/** Writes the audit lines of one run. */
export class Audit {
  readonly #context: HostsContext;
  readonly #command: string;
  readonly #file: string;
  readonly #run = randomUUID();
  readonly #began = performance.now();

  constructor(context: HostsContext, command: string, { state }: Surroundings) {
    this.#context = context;
    this.#command = command;
    this.#file = auditFile(state, context.file.name);
  }

  /** Before the first change. */
  async begin(planned: ChangeList = []): Promise<void> {
    await this.#write({ event: 'begin', planned: toldOf(planned) });
  }

  async end(failed: boolean, failure: ErrorReport | undefined, changes: ChangeList): Promise<void> {
    const error = failure ? { error: `${failure.code}: ${failure.message}` } : {};
    const outcome = failed ? outcomeOf(failure) : changes.length > 0 ? 'done' : 'nothing to do';
    await this.#write({ event: 'end', outcome, changes: toldOf(changes), ...error });
  }

  async #write(words: Pick<AuditLine, 'event' | 'outcome' | 'planned' | 'changes' | 'error'>): Promise<void> {
    const { limit, now, file, failures, transports } = this.#context;
    const line: AuditLine = {
      run: this.#run,
      at: now().toISOString(),
      who: `${userInfo().username}@${hostname()}`,
      command: this.#command,
      cluster: file.name,
      hosts: [...limit],
      ...(words.event === 'end' ? { seconds: Math.round((performance.now() - this.#began) / 100) / 10 } : {}),
      ...words,
    };
    const reached = [...transports].filter(([name]) => limit.has(name) && !failures.has(name));
    await Promise.all([
      appendAudit(this.#file, line),
      ...reached.map(([, transport]) => appendHostAudit(transport, line)),
    ]);
  }
}

function toldOf(changes: ChangeList): NonNullable<AuditLine['changes']> {
  return changes.map(({ phase, host, sentence }) => ({ phase, host, sentence }));
}

function outcomeOf(failure: ErrorReport | undefined): AuditLine['outcome'] {
  return failure?.code === 'INTERRUPTED' || failure?.code === 'TERMINATED' ? 'interrupted' : 'failed';
}
