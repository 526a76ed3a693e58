import { WarrenError } from '../../errors/warren-error.js';
import type { Door, Phase } from '../phase.js';
import { type Broker, brokersOf, factsOf, type HostsContext } from './context.js';
import { forgetNode } from './depart.js';
import { lookAt } from './look.js';
import { wipeNode } from './node-data.js';
import { booted, runs } from './node-state.js';
import { patience, rabbitmqService, systemdOf } from './services.js';

/**
 * Makes room for a new node in the place, and under the name, of one that died for good.
 * If that one is a member by now, a replacement that was broken off had come this far.
 */
export function buryNode(name: string): Phase<HostsContext> {
  return {
    title: `Bury the ${name} that died`,
    async run(context, door) {
      const broker = brokersOf(context).find((one) => one.name === name)!;
      if (isReplaced(context, name)) return;
      if (booted(factsOf(context, broker))) {
        throw WarrenError.of('MEMBER_RUNS', { node: broker.nodeName, host: name });
      }
      if (runs(factsOf(context, broker))) await endBoot(context, door, broker);
      await forgetNode(name).run(context, door);
      const asks = `deletes what its host still has of ${broker.nodeName}`;
      await wipeNode(context, door, broker, asks);
    },
  };
}

/** One whose data is no good is started by its service again and again. */
async function endBoot(context: HostsContext, door: Door, broker: Broker): Promise<void> {
  context.stopped.add(broker.name);
  await door
    .on(broker.name)
    .change(`stop ${broker.nodeName}, which does not come up`, () =>
      systemdOf(context, broker).stop(rabbitmqService, patience(context)),
    );
  if (!door.shut) await lookAt(context, [broker]);
}

/** It runs, and has mates. */
export function isReplaced({ view }: HostsContext, name: string): boolean {
  return (view.nodes.get(name)?.members.length ?? 0) > 1;
}
