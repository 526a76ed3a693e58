import { nodeEnvironment } from '../drivers/engine/node-environment.js';
import type { NodeRecord } from '../drivers/local-state/record.js';
import { Rabbitmqctl } from '../drivers/rabbitmqctl/rabbitmqctl.js';
import type { LocalContext } from './local-context.js';
import type { Phase } from './phase.js';

/** One rabbitmqctl command on one node, as an operator would type it there. */
export function rabbitmqctlStep(
  title: string,
  node: NodeRecord,
  args: readonly string[],
  undo?: readonly string[],
): Phase<LocalContext> {
  return {
    title,
    async run(context, door) {
      await door.change(sentence(node, args), () =>
        ctl(context, node).run(args, context.surroundings.signal),
      );
    },
    async cleanUp(context, door) {
      if (undo) await door.change(sentence(node, undo), () => ctl(context, node).run(undo));
    },
  };
}

function ctl(context: LocalContext, node: NodeRecord): Rabbitmqctl {
  const { surroundings, engine, folders } = context;
  return new Rabbitmqctl(surroundings.transport, engine, nodeEnvironment(node, folders, surroundings.env));
}

function sentence(node: NodeRecord, args: readonly string[]): string {
  return `rabbitmqctl -n ${node.name} ${args.join(' ')}`;
}
