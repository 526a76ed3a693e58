#!/usr/bin/env node
/**
 * `npm test`: the system's packages, the static checks, then every test. Its very
 * last line counts them: "N passed, N failed" and, when something had to be left
 * out, ", N skipped"; before it stands what failed, since who sees only the end of
 * a long output wants to know. A static check counts as one test. Arguments narrow
 * vitest down: `npm test -- test/twin` runs that folder's tests after the checks.
 *
 * Tests mostly wait (for a broker to start, a host to boot, an address to move),
 * so without arguments they run in lanes, side by side; what the other lanes have
 * to say is shown when the first has ended.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { preparePackages } from './packages.js';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const count = { passed: 0, failed: 0, skipped: 0 };
/** What failed: its place, and what it had to say. */
const failures = [];
/** Scenarios on both engines by AMQP, each a test of its own. */
let scenarios = 0;

const checks = [
  ['formatting and lint (biome)', 'biome', ['check', '--error-on-warnings', '.']],
  ['types (tsc)', 'tsc', ['-p', 'test/tsconfig.json', '--noEmit']],
  ['types of the page (tsc)', 'tsc', ['-p', 'src/web/tsconfig.json', '--noEmit']],
  ['dead code (knip)', 'knip', ['--no-progress']],
  ['arrows (dependency-cruiser)', 'depcruise', ['--config', '.dependency-cruiser.cjs', 'src']],
];

/**
 * What is run in a lane, one after the other. The twins are two runs, with nodes of their own, so that no lane is much
 * longer than the others.
 */
const lanes = [
  [['--project', 'unit', '--project', 'live', '--exclude', 'test/contracts/**']],
  [['--project', 'twin', 'test/twin/amqp', 'test/twin/tools']],
  [['--project', 'lab']],
  [
    ['--project', 'live', 'test/contracts'],
    ['--project', 'twin', '--exclude', 'test/twin/amqp/**', '--exclude', 'test/twin/tools/**'],
  ],
];

process.chdir(root);
for (const failure of preparePackages()) fail(failure);
for (const [title, tool, args] of checks) check(title, tool, args);
await run(process.argv.length > 2 ? [[process.argv.slice(2)]] : lanes);

const { passed, failed, skipped } = count;
for (const failure of failures) console.log(`\n✗ ${failure}`);
if (scenarios > 0) console.log(`${scenarios} twin scenarios by AMQP passed`);
console.log(`${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`);
process.exitCode = failed > 0 ? 1 : 0;

function check(title, tool, args) {
  const { status, stdout, stderr, error } = spawnSync(bin(tool), args, {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  if (status === 0) {
    count.passed += 1;
    console.log(`✓ ${title}`);
    return;
  }
  fail(`${title}\n${stdout ?? ''}${stderr ?? ''}${error ? error.message : ''}`);
}

function fail(text) {
  missed(text);
  console.log(`✗ ${text}`);
}

/** The head of a message: the frames of a stack and a long difference stand where it failed. */
function shortened(text) {
  const lines = text.split('\n').filter((line) => !/^ {4}at .*node_modules/.test(line));
  return lines.length > 20 ? [...lines.slice(0, 20), '…'].join('\n') : lines.join('\n');
}

function bin(tool) {
  return path.join(root, 'node_modules', '.bin', tool);
}

async function run(lanes) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'warren-test-'));
  const running = lanes.map((runs, lane) => inTurn(runs, path.join(folder, String(lane)), lane));
  for (const ended of running) for (const tell of await ended) tell();
  rmSync(folder, { recursive: true, force: true });
}

async function inTurn(runs, report, lane) {
  const ended = [];
  for (const [turn, args] of runs.entries()) ended.push(await vitest(args, `${report}-${turn}`, lane));
  return ended;
}

/**
 * Runs vitest, which writes its counts to a file; a file of tests that cannot even be loaded counts as one
 * failure. What is answered counts them, and shows what it printed, unless that was seen at once (the first lane).
 * Each lane's nodes have ports of their own (test/engines/ports.ts).
 */
async function vitest(args, report, lane) {
  const words = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}.json`, ...args];
  const output = lane === 0 ? undefined : openSync(`${report}.txt`, 'w');
  const stdio = ['ignore', output ?? 'inherit', output ?? 'inherit'];
  const env = { WARREN_TEST_PORTS: String(11_000 + 250 * lane), ...process.env };
  const [status] = await once(spawn(bin('vitest'), words, { stdio, env }), 'close');
  return () => {
    if (output !== undefined) {
      closeSync(output);
      process.stdout.write(readFileSync(`${report}.txt`));
    }
    const before = count.failed;
    try {
      add(JSON.parse(readFileSync(`${report}.json`, 'utf8')));
    } catch (error) {
      fail(`vitest left no report: ${error.message}`);
    }
    if (status !== 0 && count.failed === before)
      fail(`vitest ended with status ${status} though no test failed (see above)`);
  };
}

function add({ numPassedTests, numPendingTests, numTodoTests, testResults }) {
  count.passed += numPassedTests;
  count.skipped += numPendingTests + numTodoTests;
  for (const { name, status, message, assertionResults } of testResults) {
    const file = path.relative(root, name);
    const of = (status) => assertionResults.filter((test) => test.status === status);
    if (file.startsWith('test/twin/amqp/')) scenarios += of('passed').length;
    for (const { fullName, failureMessages } of of('failed'))
      missed(`${file}: ${fullName}\n${failureMessages.join('\n')}`);
    if (status === 'failed' && of('failed').length === 0)
      missed(`${file}\n${message || 'what stands around its tests failed (see above)'}`);
  }
}

/** Counts a failure, and keeps it for the end. */
function missed(text) {
  count.failed += 1;
  failures.push(shortened(text));
}
