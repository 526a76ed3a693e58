/**
 * node test/bench/load-one.js --port 5672 [--mode transient-auto] [--size 16] [--seconds 3] [--repeat 1]
 * Without a mode or size, all of them. One line each.
 */
import { parseArgs } from 'node:util';
import { load, modes } from './load/load.js';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '5672' },
    mode: { type: 'string' },
    size: { type: 'string' },
    seconds: { type: 'string', default: '3' },
    repeat: { type: 'string', default: '1' },
  },
});
const sizes = values.size === undefined ? [16, 1024, 16384] : [Number(values.size)];
for (const mode of values.mode === undefined ? modes : [values.mode]) {
  for (const size of mode === 'latency' ? [1024] : sizes) {
    for (let i = 0; i < Number(values.repeat); i++) {
      const result = await load({ port: Number(values.port), mode, size, seconds: Number(values.seconds) });
      const text = typeof result === 'number' ? `${Math.round(result)} msgs/s` : JSON.stringify(result);
      console.log(`${mode} ${size} B: ${text}`);
    }
  }
}
