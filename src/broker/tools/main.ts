/**
 * One run of a tool: find the command, take the line apart, see that the node is as the command needs it, print
 * the banner, run, print. Answers with the exit status. Commands are loaded one by one: a tool starts in the time
 * that its one command needs.
 */
import { hostname } from 'node:os';
import { type Tool, tools } from './catalogue.js';
import type { Command, Invocation } from './command.js';
import { exitStatus, UsageError } from './exit-status.js';
import { invocationOf, readCommandLine } from './invocation.js';
import { isForMachines, printed } from './print.js';
import { type Output, Session } from './session.js';

export interface Process {
  argv: readonly string[];
  env: NodeJS.ProcessEnv;
  output: Output;
  /** All of standard input. */
  readInput(): Promise<string>;
}

export async function runTool(toolName: string, process: Process): Promise<number> {
  const tool = tools[toolName]!;
  const host = hostname().replace(/\..*$/, '');
  const first = readCommandLine(process.argv, null);
  const special = await withoutNode(tool, toolName, first, process);
  if (special !== null) return special;
  const name = first.name!;
  const command = (await tool.commands[name]!.load!())[name]!;
  const line = readCommandLine(process.argv, command);
  const circumstances = { tool: toolName, env: process.env, host };
  let invocation: Invocation;
  try {
    invocation = invocationOf(name, command, line, process.argv, circumstances);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const { usageFailed } = await import('./failure.js');
    process.output.error(usageFailed(error, toolName, name, command, process.argv));
    return error.status;
  }
  const cookie = invocation.options['erlang-cookie'];
  const session = new Session(
    invocation.node,
    process.env,
    process.output,
    () => process.readInput(),
    typeof cookie === 'string' ? cookie : null,
  );
  try {
    return await runCommand(invocation, command, session);
  } catch (error) {
    const { failed } = await import('./failure.js');
    const { status, text } = failed(error, invocation, session, host);
    process.output.error(text);
    return status;
  } finally {
    await session.close();
  }
}

/** help, version, no command, an unknown one, one that is not there yet: what needs no node. Null otherwise. */
async function withoutNode(
  tool: Tool,
  toolName: string,
  line: ReturnType<typeof readCommandLine>,
  { output }: Process,
): Promise<number | null> {
  const { name } = line;
  const entry = name === null ? undefined : tool.commands[name];
  const wantsHelp = line.options.help === true || name === 'help' || name === null;
  if (entry?.load && entry.group !== 'Help' && !wantsHelp && line.options.version !== true) return null;
  const help = await import('./help.js');
  if (line.options.version === true || (name === 'version' && !wantsHelp)) {
    output.out(help.version());
    return exitStatus.ok;
  }
  const answer = await help.help(toolName, tool, name, line);
  (answer.status === exitStatus.ok ? output.out : output.error)(answer.text);
  return answer.status;
}

async function runCommand(invocation: Invocation, command: Command, session: Session): Promise<number> {
  const { output } = session;
  await checkNode(invocation, command, session);
  const banner = command.banner?.(invocation) ?? null;
  if (banner !== null && !invocation.quiet && !invocation.silent && !isForMachines(invocation.formatter)) {
    output.out(`${banner}\n`);
  }
  if (invocation.options['dry-run'] === true) return exitStatus.ok;
  output.out(printed(await command.run(invocation, session), invocation));
  return exitStatus.ok;
}

const unmet = {
  'running app':
    "this command requires the 'rabbit' app to be running on the target node. Start it with 'rabbitmqctl start_app'.",
  'stopped app':
    "this command requires the 'rabbit' app to be stopped on the target node. Stop it with 'rabbitmqctl stop_app'.",
  'running node': 'this command requires the target node to be running.',
};

async function checkNode(invocation: Invocation, command: Command, session: Session): Promise<void> {
  const { node } = invocation;
  const requires = typeof command.requires === 'function' ? command.requires(invocation) : command.requires;
  if (requires === undefined) return;
  const isMet = {
    'running app': async () => (await session.ask('app', {})) === 'running',
    'stopped app': async () => !['running', 'starting'].includes(await session.ask('app', {})),
    'running node': async () => session.registry.lookup(node) !== null,
  }[requires];
  if (!(await isMet())) throw new UsageError(unmet[requires], exitStatus.usage, false);
}
