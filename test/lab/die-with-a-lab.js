/** A test run that was killed in the middle: it leaves a lab behind. */
import './typescript.js';

const { Lab } = await import('./hosts.js');
await Lab.up({ name: 'orphan', hosts: 1 });
process.kill(process.pid, 'SIGKILL');
