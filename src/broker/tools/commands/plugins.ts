import { enabledPluginsFileOf } from '../../config/environment.js';
import {
  knownPlugins,
  plugin,
  pluginRefusal,
  readEnabledPlugins,
  withRequired,
  writeEnabledPlugins,
} from '../../config/plugins.js';
import type { NodeFacts } from '../../control/node-control.js';
import { type Command, type Invocation, type Outcome, value } from '../command.js';
import { CommandFailed, exitStatus, UsageError } from '../exit-status.js';
import { pluginLines } from '../plugin-lines.js';
import type { Session } from '../session.js';

const where = { offline: 'flag', online: 'flag' } as const;

function checkPlace({ options }: Invocation): void {
  if (options.offline !== true || options.online !== true) return;
  throw new UsageError('Bad argument: Cannot set both online and offline', exitStatus.dataError);
}

/** Null: the node is down, or --offline was asked for; what is done then is done to the file. */
async function factsOf({ options, node }: Invocation, session: Session): Promise<NodeFacts | null> {
  if (options.offline === true) return null;
  if (options.online === true || session.registry.lookup(node) !== null) return session.ask('facts', {});
  return null;
}

const fileOf = ({ options, env }: Invocation, facts: NodeFacts | null) =>
  typeof options['enabled-plugins-file'] === 'string'
    ? options['enabled-plugins-file']
    : (facts?.enabledPluginsFile ?? enabledPluginsFileOf(env));

const list: Command = {
  usage: '[pattern] [--verbose] [--minimal] [--enabled] [--implicitly-enabled]',
  operands: [0, 1],
  options: { verbose: 'flag', minimal: 'flag', enabled: 'flag', 'implicitly-enabled': 'flag', ...where },
  aliases: { v: 'verbose', m: 'minimal', E: 'enabled', e: 'implicitly-enabled' },
  formatter: 'plugins',
  check({ options, operands }) {
    if (options.verbose === true && options.minimal === true) {
      throw new UsageError('Bad argument: Cannot set both verbose and minimal', exitStatus.dataError);
    }
    try {
      new RegExp(operands[0] ?? '');
    } catch {
      throw new UsageError('Bad argument: the pattern is not a regular expression', exitStatus.dataError);
    }
  },
  banner: ({ operands }) => `Listing plugins with pattern "${operands[0] ?? '.*'}" ...`,
  async run(invocation, session) {
    const { options, operands, node } = invocation;
    const facts = await factsOf(invocation, session).catch(() => null);
    const enabled = readEnabledPlugins(fileOf(invocation, facts));
    const implied = withRequired(enabled);
    const active = facts === null || facts.app !== 'running' ? [] : withRequired(facts.plugins.active);
    const wanted =
      options.enabled === true ? enabled : options['implicitly-enabled'] === true ? implied : null;
    const shown = knownPlugins
      .filter(
        ({ name }) => new RegExp(operands[0] ?? '').test(name) && (wanted === null || wanted.includes(name)),
      )
      .map((each) => ({
        ...each,
        enabled: enabled.includes(each.name)
          ? ('enabled' as const)
          : implied.includes(each.name)
            ? ('implicit' as const)
            : ('not_enabled' as const),
        running: active.includes(each.name),
      }));
    const status = facts === null ? null : node;
    return pluginLines(shown, status, invocation);
  },
};

const isEnabled: Command = {
  usage: '<plugin1> [ <plugin2>] [--offline] [--online]',
  operands: [1, Number.POSITIVE_INFINITY],
  options: where,
  check: checkPlace,
  requires: ({ options }) => (options.offline === true ? undefined : 'running node'),
  banner: ({ operands, node }) => `Asking node ${node} if ${subject(operands)} enabled...`,
  async run(invocation, session) {
    const { operands, node } = invocation;
    const facts = await factsOf(invocation, session);
    const enabled = withRequired(
      facts === null
        ? readEnabledPlugins(fileOf(invocation, null))
        : facts.app === 'running'
          ? facts.plugins.active
          : [],
    );
    const missing = operands.filter((name) => !enabled.includes(name));
    const place = `on node ${node}`;
    if (missing.length === 0) {
      const message = `${capital(subject(operands))} enabled ${place}`;
      return value(message, { message, result: 'ok' });
    }
    const message = `${capital(subject(missing)).replace(/ (is|are)$/, ' $1 not')} enabled ${place}. Enabled plugins and dependencies: ${enabled.join(', ')}`;
    throw new CommandFailed(exitStatus.unavailable, message, { message });
  },
};

const subject = (names: readonly string[]) =>
  names.length === 1 ? `plugin ${names[0]} is` : `plugins ${names.join(', ')} are`;
const capital = (text: string) => text[0]!.toUpperCase() + text.slice(1);

type Change = 'enable' | 'disable' | 'set';

const change = (kind: Change): Command => ({
  usage: `<plugin1> [ <plugin2>]${kind === 'set' ? '' : ' | --all'} [--offline] [--online]`,
  operands: [0, Number.POSITIVE_INFINITY],
  options: { all: 'flag', ...where },
  check(invocation) {
    const { operands, options } = invocation;
    if (kind !== 'set' && operands.length === 0 && options.all !== true)
      throw new UsageError('not enough arguments.');
    if (operands.length > 0 && options.all === true) {
      throw new UsageError('Bad argument: Cannot set both --all and a list of plugins', exitStatus.dataError);
    }
    checkPlace(invocation);
  },
  requires: ({ options }) => (options.online === true ? 'running node' : undefined),
  banner({ operands, options, node }) {
    const verb = kind === 'disable' ? 'Disabling' : 'Enabling';
    return options.all === true
      ? `${verb} ALL plugins on node ${node}`
      : `${verb} plugins on node ${node}:\n${operands.join('\n')}`;
  },
  async run(invocation, session): Promise<Outcome> {
    const { node } = invocation;
    const facts = await factsOf(invocation, session);
    const file = fileOf(invocation, facts);
    const before = readEnabledPlugins(file);
    const after = wanted(kind, invocation, before);
    if (after.length === 0)
      session.output.out(machine(invocation) ? '' : 'All plugins have been disabled.\n');
    else if (!machine(invocation)) {
      const lines = withRequired(after).map((name) => `  ${name}\n`);
      session.output.out(`The following plugins have been configured:\n${lines.join('')}`);
    }
    if (!machine(invocation)) session.output.out(`Applying plugin configuration to ${node}...\n`);
    const running = facts !== null && facts.app === 'running';
    const changed = running ? await session.ask('set_plugins', { enabled: after }) : null;
    if (!running) writeEnabledPlugins(file, after);
    return applied(kind, invocation, session, { before, after, changed });
  },
});

const machine = ({ formatter }: Invocation) => formatter === 'json';

/** Throws where a plugin is not known or not supported. */
function wanted(kind: Change, { operands, options }: Invocation, before: readonly string[]): string[] {
  const all = knownPlugins.filter(({ refusal }) => refusal === null).map(({ name }) => name);
  if (kind === 'disable') {
    if (options.all === true) return [];
    // What requires a disabled plugin goes with it.
    return before.filter((name) => !withRequired([name]).some((each) => operands.includes(each)));
  }
  const asked = options.all === true ? all : [...operands];
  const unknown = asked.filter((name) => plugin(name) === undefined);
  if (unknown.length > 0) {
    throw kind === 'set'
      ? new CommandFailed(exitStatus.dataError, `The following plugins were not found: ${unknown.join(', ')}`)
      : new CommandFailed(
          exitStatus.software,
          `{:plugins_not_found, [${unknown.map((name) => `:${name}`).join(', ')}]}`,
        );
  }
  const refusal = pluginRefusal(asked);
  if (refusal !== null) throw new CommandFailed(exitStatus.unavailable, refusal);
  return [...new Set(kind === 'set' ? asked : [...before, ...asked])].sort();
}

interface Applied {
  before: readonly string[];
  after: readonly string[];
  /** Null where only the file was written. */
  changed: { started: string[]; stopped: string[] } | null;
}

function applied(
  kind: Change,
  invocation: Invocation,
  session: Session,
  { before, after, changed }: Applied,
): Outcome {
  const was = withRequired(before);
  const is = withRequired(after);
  const started = changed?.started ?? [];
  const stopped = changed?.stopped ?? [];
  const gained = is.filter((name) => !was.includes(name));
  const lost = was.filter((name) => !is.includes(name));
  if (machine(invocation)) {
    const names = { enable: { enabled: gained }, disable: { disabled: lost }, set: {} }[kind];
    const mode = changed === null ? 'offline' : 'online';
    const json = { ...names, mode, set: is, ...(changed === null ? {} : { started, stopped }) };
    session.output.out(`[\n${JSON.stringify(is)}\n,${JSON.stringify(json)}\n]\n`);
    return { kind: 'printed' };
  }
  if (kind !== 'set' && gained.length === 0 && lost.length === 0)
    return value('Plugin configuration unchanged.');
  const listed = kind === 'enable' ? gained : kind === 'disable' ? lost : [];
  const heading = `The following plugins have been ${kind}d:\n${listed.map((name) => `  ${name}\n`).join('')}\n`;
  return value(`${listed.length > 0 ? heading : ''}${summary(kind, is.length, changed)}`);
}

function summary(kind: Change, count: number, changed: Applied['changed']): string {
  if (changed === null) {
    const later = kind === 'set' ? '' : '\nOffline change; changes will take effect at broker restart.';
    return `${count === 0 ? 'nothing to do.' : `set ${count} plugins.`}${later}`;
  }
  const { started, stopped } = changed;
  const parts = [
    ...(started.length > 0 ? [`started ${started.length} plugins.`] : []),
    ...(stopped.length > 0 ? [`stopped ${stopped.length} plugins.`] : []),
  ];
  return parts.length === 0 ? 'nothing to do.' : parts.join('\n');
}

const directories: Command = {
  usage: '[--offline] [--online]',
  operands: [0, 0],
  options: where,
  check: checkPlace,
  banner: ({ node, options }) =>
    options.offline === true
      ? 'Listing plugin directories inferred from local environment...'
      : `Listing plugin directories used by node ${node}`,
  async run(invocation, session) {
    const facts = invocation.options.offline === true ? null : await session.ask('facts', {});
    const file = fileOf(invocation, facts);
    const inside = '(none: the plugins are part of the bundled broker)';
    return value(
      `Plugin archives directory: ${inside}\nPlugin expansion directory: ${inside}\nEnabled plugins file: ${file}`,
      { enabled_plugins_file: file, plugins_dir: '', plugins_expand_dir: '' },
    );
  },
};

export const pluginCommands: Record<string, Command> = {
  list,
  is_enabled: isEnabled,
  enable: change('enable'),
  disable: change('disable'),
  set: change('set'),
  directories,
};
