/**
 * Answers what the tools ask of this node. Two sets of handlers: those of the process (`node-handlers.ts`), which
 * answer at all times, and those of the running application, which are refused with `app_not_running` while it
 * is stopped. `node.ts` registers the answer once and says which broker runs now.
 */
import type { Admin } from '../core/admin-port.js';
import type { Peers } from '../core/ports.js';
import { clusterHandlers } from './cluster-handlers.js';
import { connectionHandlers } from './connection-handlers.js';
import type { ControlContext, Handler, Handlers } from './handler.js';
import { listingHandlers } from './listing-handlers.js';
import { metadataHandlers } from './metadata-handlers.js';
import { ControlError, type NodeControl } from './node-control.js';
import { nodeHandlers } from './node-handlers.js';
import { queueHandlers } from './queue-handlers.js';
import type { ControlCall, ControlName } from './requests.js';

export interface ControlOptions {
  node: NodeControl;
  peers: Peers;
  /** The broker that runs now, null while the application is stopped. */
  admin(): Admin | null;
}

const handlers: Handlers = {
  ...nodeHandlers,
  ...clusterHandlers,
  ...metadataHandlers,
  ...listingHandlers,
  ...queueHandlers,
  ...connectionHandlers,
};

/** Registers the answer; the same name serves tools and other nodes. */
export function answerControl({ node, peers, admin }: ControlOptions): void {
  const context: ControlContext = {
    node,
    peers,
    get admin() {
      const running = node.app === 'running' ? admin() : null;
      if (running === null) {
        throw new ControlError(
          'app_not_running',
          `The RabbitMQ application on node ${node.node} is not running`,
        );
      }
      return running;
    },
  };
  peers.answer('control', ({ command, args }: ControlCall) => {
    const handler = handlers[command] as Handler<ControlName> | undefined;
    if (handler === undefined) {
      throw new ControlError(
        'bad_argument',
        `node ${node.node} does not know the request ${command}: its version differs from the tool's`,
      );
    }
    return handler(args, context);
  });
}
