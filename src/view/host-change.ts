import { applyText } from './apply.js';
import { planText } from './plan.js';

type Rows = Parameters<typeof applyText>[0] &
  Parameters<typeof planText>[0] & { readonly dryRun: boolean; readonly after?: string };

/** What would be done, or what was done on each host, and what to know afterwards. */
export function hostChangeText(result: Rows): string {
  if (result.dryRun && result.changes.length === 0) return `Cluster ${result.cluster}: nothing to do`;
  if (result.dryRun) return planText(result);
  const text = applyText(result);
  return result.after && !result.failed ? `${text}\n${result.after}` : text;
}
