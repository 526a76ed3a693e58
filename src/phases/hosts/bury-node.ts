import { WarrenError } from '../../errors/warren-error.js';
import type { Phase } from '../phase.js';
import { brokersOf, factsOf, type HostsContext } from './context.js';
import { forgetNode } from './depart.js';
import { wipeNode } from './node-data.js';
import { runs } from './node-state.js';

/** Makes room for a new node in the place, and under the name, of one that died for good. */
export function buryNode(name: string): Phase<HostsContext> {
  return {
    title: `Bury the ${name} that died`,
    async run(context, door) {
      const broker = brokersOf(context).find((one) => one.name === name)!;
      if (context.view.nodes.has(name) || runs(factsOf(context, broker))) {
        throw WarrenError.of('MEMBER_RUNS', { node: broker.nodeName, host: name });
      }
      await forgetNode(name).run(context, door);
      const asks = `deletes what its host still has of ${broker.nodeName}`;
      await wipeNode(context, door, broker, asks);
    },
  };
}
