import { WarrenError } from '../../errors/warren-error.js';
import { type ListQuery, listedHere, type Row } from './list.js';
import type { NodeTools } from './node-tools.js';
import type { Done } from './objects.js';
import type { Broker } from './reach.js';

interface ListedPlugin {
  readonly name: string;
  /** An array of character codes before 3.13. */
  readonly version: string | readonly number[];
  readonly enabled: 'enabled' | 'implicit' | 'not_enabled';
}

interface PluginRow extends Row {
  readonly name: string;
  readonly version: string | null;
  readonly state: string;
  readonly nodes: readonly string[];
  /** Nodes that run and on which it is not enabled, where it is on others. */
  readonly missing: readonly string[];
}

/** What is enabled, node by node; `all`: what could be as well, which only the nodes' own tools tell. */
export async function listPlugins(broker: Broker, all: boolean, query: ListQuery): Promise<PluginRow[]> {
  const seen = broker.tools ? await byTools(broker.tools) : await byApi(broker);
  const nodes = [...new Set(seen.map(({ node }) => node))];
  const names = [...new Set(seen.flatMap(({ plugins }) => plugins.map(({ name }) => name)))].sort();
  const rows = names.map((name) => {
    const on = seen.flatMap(({ node, plugins }) =>
      plugins.filter((one) => one.name === name).map((one) => ({ node, ...one })),
    );
    const enabled = on.filter(({ enabled }) => enabled !== 'not_enabled');
    const state =
      enabled.length === 0
        ? 'disabled'
        : enabled.some((one) => one.enabled === 'enabled')
          ? 'enabled'
          : 'implicit';
    const where = enabled.map(({ node }) => node);
    return {
      name,
      version: versionOf(on[0]?.version),
      state,
      nodes: where,
      missing: where.length === 0 ? [] : nodes.filter((node) => !where.includes(node)),
    };
  });
  const shown = all ? rows : rows.filter(({ state }) => state !== 'disabled');
  return listedHere(shown, query, ({ name }) => name);
}

async function byTools(tools: NodeTools): Promise<{ node: string; plugins: readonly ListedPlugin[] }[]> {
  const outcomes = await tools.onEach('rabbitmq-plugins', ['list', '--formatter', 'json', '--silent']);
  return outcomes.map(({ node, output }) => ({
    node,
    ...(JSON.parse(output) as { plugins: ListedPlugin[] }),
  }));
}

/** An application of the broker itself that is called like a plugin. */
const ownApplication = 'rabbitmq_prelaunch';

/** What runs as a plugin without being enabled is there because another needs it. */
async function byApi({ probe }: Broker): Promise<{ node: string; plugins: readonly ListedPlugin[] }[]> {
  const running = (await probe.nodes()).filter((node) => node.running);
  return running.map(({ name: node, enabled_plugins: enabled = [], applications = [] }) => {
    const run = applications
      .map(({ name }) => name)
      .filter((name) => name.startsWith('rabbitmq_') && name !== ownApplication);
    const plugins = [...new Set([...enabled, ...run])].map((name): ListedPlugin => {
      const version = applications.find((one) => one.name === name)?.version ?? '';
      return { name, version, enabled: enabled.includes(name) ? 'enabled' : 'implicit' };
    });
    return { node, plugins };
  });
}

function versionOf(version: ListedPlugin['version'] | undefined): string | null {
  if (version === undefined || version.length === 0) return null;
  return typeof version === 'string' ? version : String.fromCharCode(...version);
}

/** On every node: enabling one on a node says nothing to the others. */
export async function switchPlugins(
  { tools }: Broker,
  verb: 'enable' | 'disable',
  plugins: readonly string[],
): Promise<Done> {
  if (!tools) throw WarrenError.of('NODES_UNREACHABLE', { what: `plugin ${verb}` });
  const outcomes = await tools.onEach('rabbitmq-plugins', [verb, ...plugins]);
  await tools.keepPlugins((before) => {
    const rest = before.filter((plugin) => !plugins.includes(plugin));
    return verb === 'enable' ? [...rest, ...plugins] : rest;
  });
  const where = outcomes.map(({ node }) => node).join(', ');
  return {
    what: plugins.length === 1 ? 'plugin' : 'plugins',
    name: plugins.join(', '),
    did: `${verb}d on ${where}`,
    changed: true,
  };
}
