/** The shared node of each engine, and the program pointed at its management API. */
import { describe, inject } from 'vitest';
import { inProcess } from '../../commands/in-process.js';
import type { Outcome } from '../../commands/warren.js';
import { EngineNode } from '../../engines/node.js';

export class Operator {
  constructor(readonly node: EngineNode) {}

  get url(): string {
    return `http://guest:guest@127.0.0.1:${this.node.specification.ports.management}`;
  }

  /** Types `warren …`; the words are split at blanks unless they are given one by one. */
  run(line: string | readonly string[], env: Record<string, string> = {}, input?: string): Promise<Outcome> {
    const words = typeof line === 'string' ? line.split(' ') : line;
    return inProcess(words, { WARREN_URL: this.url, ...env }, input);
  }

  /** What it prints when all goes well. */
  async said(line: string | readonly string[], input?: string): Promise<string> {
    const { status, stdout, stderr } = await this.run(line, {}, input);
    if (status !== 0) throw new Error(`${line}: status ${status}: ${stderr}${stdout}`);
    return stdout;
  }

  async json<T = Record<string, unknown>>(line: string | readonly string[]): Promise<T> {
    const words = typeof line === 'string' ? line.split(' ') : line;
    return JSON.parse(await this.said([...words, '--json'])) as T;
  }
}

/** The same tests on both engines. */
export function onBoth(title: string, tests: (operator: Operator) => void): void {
  const twins = inject('twins');
  const specifications = twins ? [twins.bundled, twins.rabbitmq] : [];
  describe.skipIf(!twins).each(specifications)(`${title}: $engine.name`, (specification) =>
    tests(new Operator(new EngineNode(specification))),
  );
}
