import { nodeEnvironment } from '../../drivers/engine/node-environment.js';
import { writeRecord } from '../../drivers/local-state/record.js';
import { runTool, type Tool } from '../../drivers/rabbitmqctl/on-host.js';
import { type LocalCluster, runningNodes } from '../find-cluster.js';
import type { Surroundings } from '../surroundings.js';

interface ToolOutcome {
  readonly node: string;
  readonly output: string;
}

/** RabbitMQ's own tools, each run on the host of its node. */
export interface NodeTools {
  /** On every node that runs, one after the other. */
  onEach(tool: Tool, args: readonly string[]): Promise<ToolOutcome[]>;
  /** On one node that runs. */
  onOne(tool: Tool, args: readonly string[]): Promise<string>;
  /** Makes known to the nodes that do not run which plugins they are to start with. */
  keepPlugins(change: (plugins: readonly string[]) => readonly string[]): Promise<void>;
}

export function localTools(
  { record, folders }: LocalCluster,
  { transport, env, signal, state }: Surroundings,
): NodeTools {
  const run = (node: (typeof record.nodes)[number], tool: Tool, args: readonly string[]) =>
    runTool(transport, tool, args, {
      signal,
      node: { folder: record.engineFolder, env: nodeEnvironment(node, folders, env) },
    });
  const running = () => runningNodes({ record, folders });
  return {
    async onEach(tool, args) {
      const outcomes: ToolOutcome[] = [];
      for (const node of running()) outcomes.push({ node: node.name, output: await run(node, tool, args) });
      return outcomes;
    },
    onOne: (tool, args) => run(running()[0]!, tool, args),
    keepPlugins: (change) => writeRecord(state, { ...record, plugins: change(record.plugins) }),
  };
}
