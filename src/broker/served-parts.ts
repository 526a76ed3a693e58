/** The broker as `rabbitmq-server` runs it; loaded once it is known that it is to run. */
import { openLogger } from './logger.js';
import { BrokerNode } from './node.js';
import { product } from './product.js';
import type { ServedParts } from './tools/server/serve.js';

export const parts: ServedParts = {
  version: product.version,
  openLogger,
  start: (options) => BrokerNode.start(options),
};
