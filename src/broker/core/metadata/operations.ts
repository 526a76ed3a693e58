/**
 * Every operation that changes the replicated metadata, by name. An operation is a pure function: it reads the
 * tables, refuses (throws AmqpError or OperationRefused) or answers with the changes to make and a result. It
 * runs on one node, the oldest that runs; its changes are applied everywhere. Arguments and results are plain
 * data (they cross the links between nodes).
 */
import { bindingOperations } from './operations/bindings.js';
import { bootstrapOperations } from './operations/bootstrap.js';
import { exchangeOperations } from './operations/exchanges.js';
import { globalParameterOperations } from './operations/global-parameters.js';
import { memberOperations } from './operations/members.js';
import { nodeOperations } from './operations/nodes.js';
import { parameterOperations } from './operations/parameters.js';
import { policyOperations } from './operations/policies.js';
import { queueOperations } from './operations/queues.js';
import { userOperations } from './operations/users.js';
import { vhostOperations } from './operations/vhosts.js';

/** Each file of `operations/` adds its own here. */
export const operations = {
  ...bootstrapOperations,
  ...nodeOperations,
  ...vhostOperations,
  ...userOperations,
  ...policyOperations,
  ...parameterOperations,
  ...globalParameterOperations,
  ...exchangeOperations,
  ...queueOperations,
  ...memberOperations,
  ...bindingOperations,
};

export type OperationName = keyof typeof operations & string;
export type OperationArguments<N extends OperationName> = Parameters<(typeof operations)[N]>[1];
export type OperationResult<N extends OperationName> = ReturnType<(typeof operations)[N]>['result'];
