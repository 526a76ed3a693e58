import { runTool } from '../../drivers/rabbitmqctl/on-host.js';
import { factsOf, transportOf } from './context.js';
import { hostPhase } from './each-host.js';
import { runs } from './node-state.js';

/** On every node that runs by itself: enabling one on a node says nothing to the others. */
export const enablePlugins = hostPhase({
  title: 'Enable plugins',
  role: 'broker',
  async run(context, host, door) {
    const facts = factsOf(context, host);
    if (!runs(facts)) return;
    const enabled = new Set(facts.enabledPlugins ?? []);
    const missing = context.file.plugins.filter((plugin) => !enabled.has(plugin));
    if (missing.length === 0) return;
    const { signal } = context;
    await door.change(`enable ${missing.join(', ')}`, () =>
      runTool(transportOf(context, host), 'rabbitmq-plugins', ['enable', ...missing], { signal }),
    );
  },
});
