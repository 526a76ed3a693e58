/**
 * A shell session of the engine's tools, typed on both engines: each line's exit
 * status, standard output and errors, in words that do not depend on the run.
 */
import { expect, inject, it } from 'vitest';
import { prepareCluster } from '../../engines/cluster.js';
import { bundled, rabbitmq } from '../../engines/engine.js';
import { EngineNode, type Outcome } from '../../engines/node.js';
import { ResidentTool } from '../../engines/resident-tool.js';
import { show, Transcript } from '../transcript.js';

export interface Line {
  readonly command: string;
  /**
   * How answers are compared. `exact`: as they are. `shape`: names and types only, for
   * answers full of figures. `status`: the exit status only.
   */
  readonly compare: 'exact' | 'shape' | 'status';
}

export const exact = (command: string): Line => ({ command, compare: 'exact' });
export const shape = (command: string): Line => ({ command, compare: 'shape' });
export const statusOnly = (command: string): Line => ({ command, compare: 'status' });

/** A listing, as a table and as JSON. */
export const listing = (command: string): Line[] => [exact(command), exact(`${command} --formatter json`)];

/** Says it in the transcript. */
type Say = (label: string, ...values: unknown[]) => void;
export type Step = Line | ((node: EngineNode, nodes: EngineNode[], say: Say) => Promise<unknown>);

/** The lines (and what happens between them) on the two shared nodes. */
export function session(title: string, ...steps: (Step | Step[])[]): void {
  const twins = inject('twins');
  it.skipIf(!twins)(title, async () => {
    const [ours, theirs] = await Promise.all(
      [twins!.bundled, twins!.rabbitmq].map((specification) =>
        type([new EngineNode(specification)], steps.flat()),
      ),
    );
    expect(ours).toBe(theirs);
  });
}

/** RabbitMQ's tools take seconds for each line that changes what a node has loaded. */
const ownNodesTimeout = 300_000;

/** The lines on the first of `count` blank nodes of each engine, which nothing has told of each other. */
export function sessionOnOwnNodes(count: number, title: string, ...steps: (Step | Step[])[]): void {
  const twins = inject('twins');
  const session = async () => {
    const clusters = await Promise.all(
      [bundled, rabbitmq].map((engine) => prepareCluster(engine, count, [], false)),
    );
    try {
      await Promise.all(clusters.flatMap(({ nodes }) => nodes.map((node) => node.boot())));
      const [ours, theirs] = await Promise.all(clusters.map(({ nodes }) => type([...nodes], steps.flat())));
      expect(ours).toBe(theirs);
    } finally {
      await Promise.all(clusters.map((cluster) => cluster.destroy()));
    }
  };
  it.skipIf(!twins)(title, session, ownNodesTimeout);
}

/** Types the lines on the first of the nodes; NODE1 and NODE2 stand for their names. */
async function type(nodes: EngineNode[], steps: readonly Step[]): Promise<string> {
  const [node] = nodes as [EngineNode];
  const transcript = new Transcript(
    nodes.flatMap((each, index) => {
      const number = index === 0 ? '' : String(index + 1);
      const { ports, shortName } = each.specification;
      return [
        [each.name, `NODE${number}`],
        [shortName, `SHORT${number}`],
        [String(ports.management), `MANAGEMENT${number}`],
        [String(ports.distribution), `DISTRIBUTION${number}`],
        [String(ports.amqps), `AMQPS${number}`],
        [String(ports.amqp), `AMQP${number}`],
        [each.folder, `FOLDER${number}`],
        [each.specification.home, 'HOME'],
      ] as const;
    }),
  );
  const shell = new Shell(nodes);
  try {
    for (const step of steps) {
      if (typeof step === 'function') {
        await step(node, nodes, (label, ...values) => transcript.say(label, ...values));
        continue;
      }
      const [tool, ...args] = words(
        step.command.replaceAll(/NODE([12])/g, (word, number) => nodes[number - 1]?.name ?? word),
      );
      note(transcript, step, await shell.run(tool!, args));
    }
  } finally {
    await shell.close();
  }
  if (process.env.WARREN_TRANSCRIPTS) console.log(transcript.text);
  return transcript.text;
}

/** Where the lines are typed. */
class Shell {
  private readonly resident = new Map<string, Promise<ResidentTool>>();

  constructor(private readonly nodes: EngineNode[]) {}

  /** A command with `-n NODE2` is typed in the second node's environment, as an operator on that host would. */
  async run(tool: string, args: string[]): Promise<Outcome> {
    const [first, second] = this.nodes as [EngineNode, EngineNode?];
    const there = second && args.some((word, index) => word === second.name && args[index - 1] === '-n');
    const node = there ? second : first;
    if (node.specification.engine.name !== 'rabbitmq' || args.length === 0) return node.run(tool, ...args);
    const key = `${node.name} ${tool}`;
    const running = this.resident.get(key) ?? ResidentTool.start(node, tool);
    this.resident.set(key, running);
    return (await running).run(args);
  }

  async close(): Promise<void> {
    await Promise.all([...this.resident.values()].map(async (tool) => (await tool).stop()));
  }
}

function note(transcript: Transcript, { command, compare }: Line, { status, stdout, stderr }: Outcome): void {
  transcript.say(`$ ${command}`);
  transcript.say('status', status);
  if (compare === 'status') return;
  const json = command.includes('--formatter json');
  const neutral = (value: unknown) => transcript.normalise(show(value));
  for (const line of json ? jsonOf(stdout, compare, neutral) : linesOf(stdout, compare, neutral))
    transcript.say(line);
  for (const line of complaint(stderr, json, neutral)) transcript.say(`2> ${line}`);
}

/** An answer in JSON; a failure is words even there. */
function jsonOf(stdout: string, compare: Line['compare'], neutral: Neutral): string[] {
  let value: unknown;
  try {
    value = JSON.parse(stdout);
  } catch {
    return linesOf(stdout, compare, neutral);
  }
  if (compare === 'shape') return [show(types(value))];
  return Array.isArray(value) ? ordered(value, neutral).map(show) : [show(inOrder(value, neutral))];
}

/** How a value is put into words that do not depend on the run, so that ports of this run do not decide an order. */
type Neutral = (value: unknown) => string;

/** Listeners come in no order; where a node listens besides AMQP is its own business, and AMQP 1.0 is another. */
function inOrder(value: unknown, neutral: Neutral): unknown {
  if (Array.isArray(value)) {
    const rows = value.some((item) => Array.isArray(item));
    return rows ? value.map((item) => inOrder(item, neutral)) : ordered(value, neutral);
  }
  if (typeof value === 'string') return listener(value);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      key === 'erlang_version' ? 'RUNTIME' : inOrder(item, neutral),
    ]),
  );
}

function ordered(items: unknown[], neutral: Neutral): unknown[] {
  return items
    .map((item) => inOrder(item, neutral))
    .sort((one, other) => (neutral(one) < neutral(other) ? -1 : 1));
}

function listener(text: string): string {
  return text.replaceAll('[::]', '127.0.0.1').replaceAll('AMQP 0-9-1 and AMQP 1.0', 'AMQP 0-9-1');
}

/**
 * Rows come in no order that a script could rely on, so lines are compared sorted; a shape is headings and
 * names, without what follows a colon.
 */
function linesOf(text: string, compare: Line['compare'], neutral: Neutral): string[] {
  const lines = listener(plain(text))
    .split('\n')
    .filter((line) => line.trim() !== '');
  if (compare !== 'shape') return lines.sort((one, other) => (neutral(one) < neutral(other) ? -1 : 1));
  return lines.filter((line) => /^[A-Z]/.test(line)).map((line) => line.replace(/:.*$/, ':'));
}

function types(value: unknown): unknown {
  if (Array.isArray(value)) return value.length > 0 ? [types(value[0])] : [];
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, types(item)]));
}

/** The error itself: without Erlang's own log lines, and without the usage, which lists every command of the tool. */
function complaint(stderr: string, json: boolean, neutral: Neutral): string[] {
  const [text] = plain(stderr).split(/^Usage$/m);
  if (json && text!.trim().startsWith('{')) return jsonOf(text!, 'exact', neutral);
  const lines = text!.trim().split('\n');
  const said = lines.filter((line) => line.trim() !== '' && !/^\d\d:\d\d:\d\d\.\d+ /.test(line));
  return said.map((line) => line.trimEnd());
}

function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are escape sequences
  const uncoloured = text.replaceAll(/\u001b\[[\d;]*m/g, '');
  return uncoloured.replaceAll(/on (Erlang [\d.]+|Node\.js [\d.]+)$/gm, 'on RUNTIME');
}

/** Splits at spaces, except inside single quotes. */
function words(command: string): string[] {
  return [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
}
