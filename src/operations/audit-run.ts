import { randomUUID } from 'node:crypto';
import { hostname, userInfo } from 'node:os';
import { type AuditLine, appendAudit, appendHostAudit, auditFile } from '../drivers/audit/audit-log.js';
import { reportOf } from '../errors/warren-error.js';
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
  #begun = false;

  constructor(context: HostsContext, command: string, { state }: Surroundings) {
    this.#context = context;
    this.#command = command;
    this.#file = auditFile(state, context.file.name);
  }

  /** Before the first change. */
  async begin(): Promise<void> {
    this.#begun = true;
    await this.#write({ event: 'begin' });
  }

  async end(outcome: AuditLine['outcome'], changes: ChangeList): Promise<void> {
    const told = changes.map(({ phase, host, sentence }) => ({ phase, host, sentence }));
    await this.#write({ event: 'end', outcome, changes: told });
  }

  /** A run that ends before its first change has nothing to tell. */
  async failed(error: unknown): Promise<void> {
    if (!this.#begun) return;
    const { code, message } = reportOf(error);
    const outcome = code === 'INTERRUPTED' || code === 'TERMINATED' ? 'interrupted' : 'failed';
    await this.#write({ event: 'end', outcome, error: `${code}: ${message}` });
  }

  async #write(words: Pick<AuditLine, 'event' | 'outcome' | 'changes' | 'error'>): Promise<void> {
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
