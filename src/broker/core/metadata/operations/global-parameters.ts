import type { Operation } from '../operation.js';
import { keys } from '../rows.js';

/** Global runtime parameters (`cluster_name`, shovel defaults …); a null value clears. */
export const globalParameterOperations = {
  'global_parameter.set': (_tables, { name, value }) => ({
    changes: [
      {
        table: 'globalParameters',
        key: keys.globalParameter(name),
        row: value === null ? null : { name, value },
      },
    ],
    result: null,
  }),
} satisfies Record<string, Operation<{ name: string; value: unknown }, null>>;
