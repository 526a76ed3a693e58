import { Paging, type PagingRoom } from '../../../src/broker/core/queue/paging.js';
import { VirtualClock } from './virtual-clock.js';

const say = () => undefined;

/** Paging for a queue that stands alone: nothing is ever paged out unless there is less `room`. */
export function roomy(room?: PagingRoom, clock = new VirtualClock()): Paging {
  return new Paging(clock, { debug: say, info: say, warning: say, error: say }, room);
}
