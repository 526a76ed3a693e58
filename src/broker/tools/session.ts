/**
 * A command's way to the node: one link, opened when it is first needed, closed at the end. Every question is
 * `control` with a command's name; the answers are data, the words are the tools' own.
 */
import { ToolLink } from '../cluster/link/tool-link.js';
import { Registry, runtimeFolder } from '../cluster/registry.js';
import { readCookie } from '../config/cookie.js';
import { homeOf } from '../config/environment.js';
import type { ControlAnswers, ControlArguments, ControlName } from '../control/requests.js';

export interface Output {
  out(text: string): void;
  error(text: string): void;
}

export class Session {
  readonly registry: Registry;
  #link: Promise<ToolLink> | null = null;

  constructor(
    readonly node: string,
    readonly env: NodeJS.ProcessEnv,
    readonly output: Output,
    readonly readInput: () => Promise<string>,
    /** `--erlang-cookie` */
    private readonly givenCookie: string | null = null,
  ) {
    this.registry = new Registry(runtimeFolder(env));
  }

  get cookie(): string {
    return this.givenCookie ?? (this.env.RABBITMQ_ERLANG_COOKIE || readCookie(homeOf(this.env)));
  }

  /** Rejects with LinkError when the node cannot be talked to, with OperationRefused or AmqpError when it refuses. */
  async ask<N extends ControlName>(command: N, args: ControlArguments<N>): Promise<ControlAnswers[N]> {
    const link = await this.connect();
    return (await link.call('control', { command, args })) as ControlAnswers[N];
  }

  connect(timeout?: number): Promise<ToolLink> {
    const options = { registry: this.registry, ...(timeout === undefined ? {} : { timeout }) };
    this.#link ??= ToolLink.connect(this.node, this.cookie, options);
    return this.#link;
  }

  /** Forgets a link that failed, so that the next question tries again. */
  async close(): Promise<void> {
    const link = this.#link;
    this.#link = null;
    await link?.then(
      (open) => open.close(),
      () => undefined,
    );
  }
}
