/**
 * Takes a command line apart as rabbitmqctl does: switches may stand anywhere, `--name value`, `--name=value`,
 * `-n value`; a switch that nobody knows, or whose value is not of its kind, is an error of the whole line.
 */
import { defaultNodeName, fullNodeName, usesLongNames } from '../config/node-name.js';
import {
  type Command,
  type FormatterName,
  formatterNames,
  type Invocation,
  type OptionKind,
} from './command.js';
import { UsageError } from './exit-status.js';

const everywhere: Readonly<Record<string, OptionKind>> = {
  node: 'string',
  timeout: 'integer',
  longnames: 'flag',
  quiet: 'flag',
  silent: 'flag',
  vhost: 'string',
  formatter: 'string',
  printer: 'string',
  help: 'flag',
  version: 'flag',
  'no-table-headers': 'flag',
  'table-headers': 'flag',
  'dry-run': 'flag',
  'print-stacktrace': 'flag',
  'erlang-cookie': 'string',
  'script-name': 'string',
  'mnesia-dir': 'string',
  'rabbitmq-home': 'string',
  'plugins-dir': 'string',
  'enabled-plugins-file': 'string',
  'aliases-file': 'string',
  file: 'string',
  // Accepted by every command, wanted by few.
  offline: 'flag',
  online: 'flag',
};

const shortNames: Readonly<Record<string, string>> = {
  p: 'vhost',
  n: 'node',
  q: 'quiet',
  s: 'silent',
  l: 'longnames',
  t: 'timeout',
  '?': 'help',
};

export interface CommandLine {
  /** The first word that is neither a switch nor the value of one. */
  name: string | null;
  operands: string[];
  options: Record<string, string | number | boolean>;
  /** As typed, with what was given for them: `--priority : x`. */
  invalid: [typed: string, value: string][];
}

/** `command` is null on the first look, which only finds the command's name. */
export function readCommandLine(words: readonly string[], command: Command | null): CommandLine {
  const kinds = { ...everywhere, ...command?.options };
  const aliases = { ...shortNames, ...command?.aliases };
  const line: CommandLine = { name: null, operands: [], options: {}, invalid: [] };
  const rest = [...words];
  while (rest.length > 0) {
    const word = rest.shift()!;
    if (word === '--') {
      for (const operand of rest.splice(0)) addOperand(line, operand);
    } else if (word.startsWith('-') && word !== '-' && !/^-\d/.test(word)) {
      readSwitch(line, word, rest, kinds, aliases);
    } else addOperand(line, word);
  }
  return line;
}

function addOperand(line: CommandLine, word: string): void {
  if (line.name === null) line.name = word;
  else line.operands.push(word);
}

function readSwitch(
  line: CommandLine,
  word: string,
  rest: string[],
  kinds: Readonly<Record<string, OptionKind>>,
  aliases: Readonly<Record<string, string>>,
): void {
  const [typed, given] = word.includes('=')
    ? [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]
    : [word, null];
  const name = typed.startsWith('--') ? typed.slice(2) : aliases[typed.slice(1)];
  const kind = name === undefined ? undefined : kinds[name];
  if (name === undefined || kind === undefined) {
    line.invalid.push([typed, given ?? '']);
    return;
  }
  if (kind === 'flag') {
    line.options[name] = given === null ? true : given === 'true';
    return;
  }
  const value = given ?? (rest[0] === undefined || /^-[-A-Za-z?]/.test(rest[0]) ? null : rest.shift()!);
  if (value === null || (kind === 'integer' && !/^-?\d+$/.test(value)))
    line.invalid.push([typed, value ?? '']);
  else line.options[name] = kind === 'integer' ? Number(value) : value;
}

export interface Circumstances {
  tool: string;
  env: NodeJS.ProcessEnv;
  host: string;
}

/** Throws UsageError. */
export function invocationOf(
  name: string,
  command: Command,
  line: CommandLine,
  typed: readonly string[],
  { tool, env, host }: Circumstances,
): Invocation {
  if (line.invalid.length > 0) {
    const list = line.invalid.map(([word, value]) => `${word} : ${value}`).join('\n');
    throw new UsageError(`Invalid options for this command:\n${list}`);
  }
  const [least, most] = command.operands;
  if (line.operands.length < least) throw new UsageError('not enough arguments.');
  if (line.operands.length > most) throw new UsageError('too many arguments.');
  const { options } = line;
  const longNames = options.longnames === true || usesLongNames(env);
  const invocation: Invocation = {
    tool,
    name,
    command,
    typed,
    operands: line.operands,
    options,
    node: fullNodeName(String(options.node ?? (env.RABBITMQ_NODENAME || defaultNodeName)), longNames, host),
    longNames,
    vhost: String(options.vhost ?? '/'),
    timeout: timeoutOf(options.timeout, command),
    formatter: formatterOf(options.formatter, command),
    quiet: options.quiet === true,
    silent: options.silent === true,
    env,
  };
  command.check?.(invocation);
  return invocation;
}

/** 0 and negative numbers mean: for ever. */
function timeoutOf(given: string | number | boolean | undefined, command: Command): number {
  const seconds = typeof given === 'number' ? given : command.timeout;
  return seconds === undefined || seconds <= 0 ? Number.POSITIVE_INFINITY : seconds;
}

function formatterOf(given: string | number | boolean | undefined, command: Command): FormatterName {
  if (given === undefined) return command.formatter ?? 'string';
  if ((formatterNames as readonly string[]).includes(String(given))) return given as FormatterName;
  throw new UsageError(
    `there is no formatter named ${given}: use one of table, json, pretty_table, csv, erlang, string`,
  );
}
