import { readFileSync, writeFileSync } from 'node:fs';
import { it } from 'vitest';
import { stage } from '../stage.js';
import { step } from '../transcript.js';

it('plays', async () => {
  const s = await stage();
  const text = readFileSync(process.env.SCEN ?? '', 'utf8');
  const lines: string[] = [];
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    lines.push(`> ${line}`);
    const out = await Promise.race([
      step(line, { port: s.port, nodes: [s.node] }),
      new Promise<string[]>((r) => setTimeout(() => r(['TIMEOUT']), 1000)),
    ]);
    lines.push(...out);
    if (out[0]?.startsWith('< 500')) console.log(line, s.log.at(-1));
    if (out[0] === 'TIMEOUT') console.log(line, out[0], s.log.at(-1));
  }
  writeFileSync(process.env.OUT ?? '', lines.join('\n') + '\n');
  await s.close();
}, 120000);
