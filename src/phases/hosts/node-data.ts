import type { Door } from '../phase.js';
import { type Broker, factsOf, type HostsContext, transportOf } from './context.js';
import { lookAt } from './look.js';
import { dataOf } from './node-state.js';

const folder = '/var/lib/rabbitmq/mnesia';

/** Removes the data of a node that does not run; only its own, whatever else lies beside it. */
export async function wipeNode(
  context: HostsContext,
  door: Door,
  broker: Broker,
  asks: string | undefined,
): Promise<void> {
  if (!dataOf(factsOf(context, broker), broker.nodeName)) return;
  const transport = transportOf(context, broker);
  const own = `${folder}/${broker.nodeName}`;
  await door.on(broker.name).change(
    `delete the data of ${broker.nodeName}`,
    async () => {
      for (const path of [own, `${own}-plugins-expand`, `${own}.pid`, `${own}-feature_flags`]) {
        await transport.remove(path);
      }
    },
    asks === undefined ? undefined : { asks },
  );
  if (!door.shut) await lookAt(context, [broker]);
}
