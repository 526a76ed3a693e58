/** Serves the fake broker on a port, for load generators and raw probes: tsx-less, `node` after a build. */
import { serve } from '../broker/connection/serve.js';

const { port } = await serve({ port: Number(process.argv[2] ?? 0) });
process.stdout.write(`${port}\n`);
