/** What a command of rabbitmqctl and the other tools is: its shape on the command line, and what it does. */
import type { Cell } from './cell.js';
import type { Session } from './session.js';

export type OptionKind = 'flag' | 'string' | 'integer';

type Requirement = 'running app' | 'stopped app' | 'running node';

export interface Command {
  /** What follows `rabbitmqctl [--node <node>] [--longnames] [--quiet]` in its usage line. */
  usage: string;
  /** Least and most operands. */
  operands: readonly [number, number];
  /** Switches beyond those that every command has. */
  options?: Readonly<Record<string, OptionKind>>;
  /** `-e` → `--enabled` */
  aliases?: Readonly<Record<string, string>>;
  /** What must be so on the target node before anything is printed. */
  requires?: Requirement | ((invocation: Invocation) => Requirement | undefined);
  /** The formatter when none is asked for. */
  formatter?: FormatterName;
  /** Seconds, when no --timeout is given. */
  timeout?: number;
  /** Beyond counts and kinds; throws UsageError. */
  check?(invocation: Invocation): void;
  /** The informational first line; not printed with --quiet, --silent and formatters for machines. */
  banner?(invocation: Invocation): string | null;
  run(invocation: Invocation, session: Session): Promise<Outcome>;
}

export const formatterNames = [
  'table',
  'json',
  'pretty_table',
  'csv',
  'erlang',
  'string',
  'inspect',
  'json_stream',
  'plugins',
  'report',
] as const;
export type FormatterName = (typeof formatterNames)[number];

/** A command line, taken apart. */
export interface Invocation {
  readonly tool: string;
  readonly name: string;
  readonly command: Command;
  /** As typed, for "Arguments given:". */
  readonly typed: readonly string[];
  readonly operands: readonly string[];
  readonly options: Readonly<Record<string, string | number | boolean>>;
  /** name@host */
  readonly node: string;
  readonly longNames: boolean;
  readonly vhost: string;
  /** Seconds; Infinity where none is set. */
  readonly timeout: number;
  readonly formatter: FormatterName;
  readonly quiet: boolean;
  readonly silent: boolean;
  readonly env: NodeJS.ProcessEnv;
}

/** What there is to print when a command succeeded. */
export type Outcome =
  | { kind: 'nothing' }
  /** One value; `json` where that formatter prints something else than the text. */
  | { kind: 'value'; text: string; json?: unknown }
  /**
   * A listing. `headers: false` for those that RabbitMQ prints without; `whole`: when there is nothing to list an
   * empty line is, as of everything that RabbitMQ does not list row by row.
   */
  | {
      kind: 'rows';
      columns: readonly string[];
      rows: readonly (readonly Cell[])[];
      headers?: boolean;
      whole?: boolean;
    }
  /** Parts printed one after another as they come. */
  | { kind: 'printed' };

export const nothing: Outcome = { kind: 'nothing' };

export function value(text: string, json?: unknown): Outcome {
  return json === undefined ? { kind: 'value', text } : { kind: 'value', text, json };
}
