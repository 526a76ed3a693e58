/** Asks one node or all running ones, this one without a detour over the links. */
import type { Peers } from '../../core/ports.js';
import type { Question, Questions } from './questions.js';

type Answers = { [Q in Question]: (args: Questions[Q][0]) => Questions[Q][1] | Promise<Questions[Q][1]> };

export class Nodes {
  readonly #peers: Peers;
  readonly #local: Answers;

  constructor(peers: Peers, local: Answers) {
    this.#peers = peers;
    this.#local = local;
    for (const question of Object.keys(local) as Question[]) {
      peers.answer(question, (args: never) => (local[question] as (args: never) => unknown)(args));
    }
  }

  get self(): string {
    return this.#peers.self;
  }

  running(): string[] {
    return this.#peers.running();
  }

  async one<Q extends Question>(node: string, question: Q, args: Questions[Q][0]): Promise<Questions[Q][1]> {
    if (node === this.#peers.self) return this.#local[question](args);
    return (await this.#peers.call(node, question, args)) as Questions[Q][1];
  }

  /** Nodes that do not answer (just gone, management not enabled there) are left out. */
  async all<Q extends Question>(
    question: Q,
    args: Questions[Q][0],
  ): Promise<{ node: string; answer: Questions[Q][1] }[]> {
    const answers = await Promise.all(
      this.running().map(async (node) => {
        try {
          return { node, answer: await this.one(node, question, args) };
        } catch {
          return null;
        }
      }),
    );
    return answers.filter((answer) => answer !== null);
  }

  /** The items of all nodes, in one list. */
  async each<Q extends ListQuestion>(question: Q, args: Questions[Q][0]): Promise<Questions[Q][1][number][]> {
    return (await this.all(question, args)).flatMap(({ answer }) => answer as Questions[Q][1][number][]);
  }
}

export type { Answers };

type ListQuestion = { [Q in Question]: Questions[Q][1] extends unknown[] ? Q : never }[Question];
