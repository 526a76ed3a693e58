/** `rabbitmq-plugins list`: the table with its legend, names alone, or details. */
import { compatibleVersion, type Plugin } from '../config/plugins.js';
import { type Invocation, type Outcome, value } from './command.js';

export interface ListedPlugin extends Plugin {
  enabled: 'enabled' | 'implicit' | 'not_enabled';
  running: boolean;
}

/** `node` is null when it could not be asked what runs. */
export function pluginLines(
  plugins: readonly ListedPlugin[],
  node: string | null,
  invocation: Invocation,
): Outcome {
  const { options, quiet, silent } = invocation;
  const minimal = options.minimal === true;
  const legend = [
    ' Configured: E = explicitly enabled; e = implicitly enabled',
    node === null
      ? ` | Status: [failed to contact ${invocation.node} - status not shown]`
      : ` | Status: * = running on ${node}`,
    ' |/',
  ];
  const lines = minimal
    ? plugins.map(({ name }) => name)
    : options.verbose === true
      ? plugins.flatMap(details)
      : table(plugins);
  const text = [...(minimal || quiet || silent ? [] : legend), ...lines].join('\n');
  return value(text, {
    ...json(plugins, minimal, options.verbose === true),
    status: node === null ? 'node_down' : 'running',
  });
}

const marks = { enabled: 'E', implicit: 'e', not_enabled: ' ' } as const;
const mark = ({ enabled, running }: ListedPlugin) => `[${marks[enabled]}${running ? '*' : ' '}]`;

function table(plugins: readonly ListedPlugin[]): string[] {
  const width = Math.max(0, ...plugins.map(({ name }) => name.length));
  return plugins.map((plugin) => `${mark(plugin)} ${plugin.name.padEnd(width)} ${compatibleVersion}`);
}

function details(plugin: ListedPlugin): string[] {
  return [
    `${mark(plugin)} ${plugin.name}`,
    `     Version:     \t${compatibleVersion}`,
    `     Dependencies:\t[${plugin.requires.join(',')}]`,
    `     Description: \t${plugin.description}`,
  ];
}

function json(plugins: readonly ListedPlugin[], minimal: boolean, verbose: boolean): Record<string, unknown> {
  // RabbitMQ 3.10 writes versions as lists of character codes.
  const version = [...compatibleVersion].map((character) => character.charCodeAt(0));
  return {
    format: minimal ? 'minimal' : verbose ? 'verbose' : 'normal',
    plugins: plugins.map(({ name, enabled, running, description, requires }) =>
      minimal
        ? { name }
        : {
            ...(verbose ? { dependencies: requires, description } : {}),
            enabled,
            name,
            running,
            running_version: running ? version : null,
            version,
          },
    ),
  };
}
