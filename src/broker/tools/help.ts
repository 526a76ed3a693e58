/** help, version, autocomplete; and what is said of a command that is unknown, or not here. */
import { didYouMean } from '../config/did-you-mean.js';
import { compatibleVersion } from '../config/plugins.js';
import type { Entry, Tool } from './catalogue.js';
import { exitStatus } from './exit-status.js';
import { usageLine } from './failure.js';
import type { CommandLine } from './invocation.js';

export interface Answer {
  status: number;
  text: string;
}

export function version(): string {
  return `${compatibleVersion}\n`;
}

/** For a line that needs no node: see `main.ts`. */
export async function help(
  toolName: string,
  tool: Tool,
  name: string | null,
  line: CommandLine,
): Promise<Answer> {
  const asked = name === 'help' ? (line.operands[0] ?? null) : name;
  if (asked === null)
    return {
      status: name === null && line.options.help !== true ? exitStatus.usage : exitStatus.ok,
      text: overview(toolName, tool),
    };
  if (name === 'autocomplete' && line.options.help !== true)
    return autocomplete(tool, line.operands[0] ?? '');
  const entry = tool.commands[asked];
  if (entry === undefined) return unknown(toolName, tool, asked);
  const command = (await entry.load?.())?.[asked];
  if (command === undefined) return notHere(toolName, asked, entry, line);
  return {
    status: exitStatus.ok,
    text: `\n${bold('Usage')}\n\n${usageLine(toolName, asked, command)}\n\n${entry.description}.\n\n${generalOptions}`,
  };
}

const bold = (text: string) => `\u001b[1m${text}\u001b[0m`;

const generalOptions = `${bold('General Options')}

short            | long          | what it does
-----------------|---------------|--------------------------------
-?               | --help        | shows how the command is used
-n <node>        | --node <node> | the node to talk to
-l               | --longnames   | node names have whole host names
-t               | --timeout <n> | seconds to wait for the answer, where the command waits
-q               | --quiet       | without informational lines
-s               | --silent      | without informational lines and table headers
-p               | --vhost       | the virtual host, where the command has one
                 | --formatter   | json, pretty_table, table, csv or erlang, where the command lists

`;

function overview(toolName: string, { commands }: Tool): string {
  const names = Object.keys(commands);
  const width = Math.max(...names.map((name) => name.length)) + 2;
  const groups = new Map<string, string[]>();
  for (const [name, { group, description, load }] of Object.entries(commands)) {
    const text = load === null ? `${description} (not in the bundled broker)` : description;
    groups.set(group, [...(groups.get(group) ?? []), `   ${name.padEnd(width)}${text}`]);
  }
  const sections = [...groups].map(([heading, lines]) => `${bold(heading)}:\n\n${lines.sort().join('\n')}\n`);
  return `
${bold('Usage')}

${toolName} [--node <node>] [--timeout <timeout>] [--longnames] [--quiet] <command> [<command options>]

Available commands:

${sections.join('\n')}
Use '${toolName} help <command>' to learn more about a specific command
`;
}

function autocomplete({ commands }: Tool, beginning: string): Answer {
  const names = Object.keys(commands).filter((name) => name.startsWith(beginning));
  return {
    status: exitStatus.ok,
    text: names
      .sort()
      .map((name) => `${name}\n`)
      .join(''),
  };
}

function unknown(toolName: string, tool: Tool, name: string): Answer {
  const meant = didYouMean(name, Object.keys(tool.commands));
  const next = meant === null ? overview(toolName, tool) : `Did you mean '${meant}'? \n\n`;
  return { status: exitStatus.usage, text: `\nCommand '${name}' not found. \n${next}` };
}

function notHere(toolName: string, name: string, { description, refusal }: Entry, line: CommandLine): Answer {
  if (['help', 'version', 'autocomplete'].includes(name)) {
    return { status: exitStatus.ok, text: `\n${bold('Usage')}\n\n${toolName} ${name}\n\n${description}.\n` };
  }
  const asked = line.name === 'help' || line.options.help === true;
  return {
    status: asked ? exitStatus.ok : exitStatus.usage,
    text: `Error: ${toolName} ${name} is a command of RabbitMQ ${compatibleVersion} that the bundled broker does not have (${description}): ${refusal}.\nNext: ${toolName} help\n`,
  };
}
