import type { HostLock } from '../../drivers/host-lock/host-lock.js';
import type { Phase } from '../phase.js';
import { type HostsContext, transportOf } from './context.js';
import { changeable } from './each-host.js';

/**
 * Takes every host that may be changed: the first by itself, so that of two who
 * come at once one has nothing yet and goes, then the others side by side.
 */
export function lockHosts(lock: HostLock): Phase<HostsContext> {
  return {
    title: 'Lock the hosts',
    async run(context) {
      const [first, ...others] = changeable(context).map((host) => transportOf(context, host));
      if (first) await lock.take(first);
      await Promise.all(others.map((transport) => lock.take(transport)));
    },
    async cleanUp() {
      await lock.release();
    },
  };
}
