/** What every handler of a request is: its arguments and the context in, the answer out. */
import type { Admin } from '../core/admin-port.js';
import type { Peers } from '../core/ports.js';
import type { NodeControl } from './node-control.js';
import type { ControlAnswers, ControlArguments, ControlName } from './requests.js';

/** What handlers work with; `admin` throws app_not_running while there is no broker. */
export interface ControlContext {
  readonly node: NodeControl;
  readonly peers: Peers;
  readonly admin: Admin;
}

export type Handler<N extends ControlName> = (
  args: ControlArguments<N>,
  context: ControlContext,
) => ControlAnswers[N] | Promise<ControlAnswers[N]>;

export type Handlers<N extends ControlName = ControlName> = { [K in N]: Handler<K> };

/**
 * Asks every running node for what it alone knows; those that go down meanwhile have nothing to tell. A node that
 * hangs counts as running until `net_ticktime` is over: `within` milliseconds the others wait for it, if given.
 */
export async function fromAll<N extends ControlName>(
  { peers }: ControlContext,
  command: N,
  args: ControlArguments<N>,
  within?: number,
): Promise<ControlAnswers[N][]> {
  const late = within === undefined ? null : new Deadline(within);
  const answers = await Promise.allSettled(
    peers.running().map((node) => {
      const answer = peers.call(node, 'control', { command, args });
      return late === null ? answer : Promise.race([answer, late.passed]);
    }),
  );
  late?.cancel();
  return answers.flatMap((answer) =>
    answer.status === 'fulfilled' ? [answer.value as ControlAnswers[N]] : [],
  );
}

class Deadline {
  readonly passed: Promise<never>;
  #timer: NodeJS.Timeout | undefined;

  constructor(milliseconds: number) {
    this.passed = new Promise((_resolve, reject) => {
      this.#timer = setTimeout(() => reject(new Error('no answer in time')), milliseconds);
    });
  }

  cancel(): void {
    clearTimeout(this.#timer);
  }
}
