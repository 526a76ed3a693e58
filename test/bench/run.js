#!/usr/bin/env node
/**
 * `npm run bench`: the bundled engine and RabbitMQ side by side in one run, the
 * median of several tries each (`--tries 5`), as a table. `--write` also writes
 * docs/figures.md, where rows that were not measured this time stay. Figures are ratios of one machine at one time: nothing here is
 * a test, and no test asserts a time.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { measureBacklog } from './backlog.js';
import { measureClusters } from './clusters.js';
import { measureCommands } from './commands.js';
import { measureHosts } from './hosts.js';
import { measureMany } from './many.js';
import { measureSockets } from './sockets.js';
import { measureThroughput } from './throughput.js';
import { measureTrace } from './trace.js';

const { values } = parseArgs({
  options: {
    tries: { type: 'string', default: '5' },
    write: { type: 'boolean', default: false },
    only: { type: 'string', default: 'clusters,commands,throughput,sockets,hosts,backlog,many,trace,lab' },
  },
});
const tries = Number(values.tries);
const parts = {
  clusters: measureClusters,
  commands: measureCommands,
  throughput: measureThroughput,
  sockets: measureSockets,
  hosts: measureHosts,
  backlog: measureBacklog,
  many: measureMany,
  trace: measureTrace,
  /** Brings TypeScript with it, so it is loaded only when it is asked for. */
  async *lab(tries) {
    const { measureLab } = await import('./lab.js');
    yield* measureLab(tries);
  },
};

const rows = [];
for (const part of values.only.split(',')) {
  if (!parts[part]) throw new Error(`--only takes ${Object.keys(parts).join(', ')}; ${part} is none of them`);
  for await (const row of parts[part](tries)) {
    rows.push(row);
    console.error(`${row.what}: bundled ${row.bundled ?? '–'}, RabbitMQ ${row.rabbitmq ?? '–'} ${row.unit}`);
  }
}

const text = table(rows);
console.log(text);
if (values.write) {
  const file = path.join(import.meta.dirname, '../../docs/figures.md');
  writeFileSync(file, page(merged(readFileSync(file, 'utf8'), text)));
}

/** Rows of this run in the place of those of the same name; new ones at the end. */
function merged(before, now) {
  const nameOf = (line) => line.split('|')[1];
  const measured = new Map(tableLines(now).map((line) => [nameOf(line), line]));
  const lines = tableLines(before).map((line) => {
    const renewed = measured.get(nameOf(line));
    measured.delete(nameOf(line));
    return renewed ?? line;
  });
  return [...lines, ...measured.values()].join('\n');
}

function tableLines(text) {
  return text.split('\n').filter((line) => line.startsWith('|'));
}

function table(measured) {
  const lines = measured.map(({ what, unit, goal, bundled, rabbitmq, moreIsBetter }) => {
    const ratio = bundled && rabbitmq ? (moreIsBetter ? bundled / rabbitmq : rabbitmq / bundled) : undefined;
    const times = ratio ? `${ratio.toFixed(1)} ×` : '';
    return `| ${what} | ${shown(bundled, unit)} | ${shown(rabbitmq, unit)} | ${times} | ${goal} |`;
  });
  return ['| | bundled | RabbitMQ | better by | goal |', '|---|---|---|---|---|', ...lines].join('\n');
}

function shown(value, unit) {
  return value === undefined ? '–' : `${figure(value)} ${unit}`.trim();
}

function figure(value) {
  if (value === 0) return '0';
  return value >= 100 ? Math.round(value).toLocaleString('en-US') : value.toFixed(2);
}

function page(text) {
  const [cpu] = os.cpus();
  return `# Figures

Measured by \`npm run bench -- --write\`, last on ${new Date().toISOString().slice(0, 10)}; parts that were not measured then keep their older rows: ${os.cpus().length} cores (${cpu?.model.trim()}), ${Math.round(os.totalmem() / 2 ** 30)} GiB, Linux ${os.release()}, Node ${process.versions.node}; both engines in one run, medians of ${tries} (blank hosts: of 3; a million messages and many of everything: one run). Another machine gives other figures; the ratios are what to compare.

${text}
`;
}
