import { runTool } from '../../drivers/rabbitmqctl/on-host.js';
import type { Phase } from '../phase.js';
import { brokersOf, type HostsContext, transportOf } from './context.js';
import { clusterPhase } from './each-host.js';

/** All stable ones: the next release will ask for them. With nodes of several versions nothing is enabled. */
export const enableFeatureFlags: Phase<HostsContext> = clusterPhase({
  title: 'Enable feature flags',
  async run(context, door) {
    const views = [...context.view.nodes.values()];
    const versions = new Set(views.map(({ version }) => version));
    const disabled = [...new Set(views.flatMap(({ disabledFlags }) => disabledFlags))];
    const first = brokersOf(context).find(({ name }) => context.view.nodes.has(name));
    if (disabled.length === 0 || versions.size > 1 || !first) return;
    const { signal } = context;
    await door.change(`enable the feature flags ${disabled.join(', ')}`, () =>
      runTool(transportOf(context, first), 'rabbitmqctl', ['enable_feature_flag', 'all'], { signal }),
    );
  },
});
