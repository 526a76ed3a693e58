#!/usr/bin/env node
/**
 * `npm test`: the system's packages, the static checks, then every test. Its very
 * last line counts them: "N passed, N failed" and, when something had to be left
 * out, ", N skipped". A static check counts as one test. Arguments narrow vitest
 * down: `npm test -- test/twin` runs that folder's tests after the checks.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { preparePackages } from './packages.js';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const count = { passed: 0, failed: 0, skipped: 0 };

const checks = [
  ['formatting and lint (biome)', 'biome', ['check', '--error-on-warnings', '.']],
  ['types (tsc)', 'tsc', ['-p', 'test/tsconfig.json', '--noEmit']],
  ['dead code (knip)', 'knip', ['--no-progress']],
  ['arrows (dependency-cruiser)', 'depcruise', ['--config', '.dependency-cruiser.cjs', 'src']],
];

process.chdir(root);
for (const failure of preparePackages()) fail(failure);
for (const [title, tool, args] of checks) check(title, tool, args);
vitest(process.argv.slice(2));

const { passed, failed, skipped } = count;
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
  count.failed += 1;
  console.log(`✗ ${text}`);
}

function bin(tool) {
  return path.join(root, 'node_modules', '.bin', tool);
}

/** Vitest writes its counts to a file; a file of tests that cannot even be loaded counts as one failure. */
function vitest(args) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'warren-test-'));
  const report = path.join(folder, 'report.json');
  const { status } = spawnSync(
    bin('vitest'),
    ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...args],
    { stdio: 'inherit' },
  );
  const before = count.failed;
  try {
    add(JSON.parse(readFileSync(report, 'utf8')));
  } catch (error) {
    fail(`vitest left no report: ${error.message}`);
  }
  if (status !== 0 && count.failed === before)
    fail(`vitest ended with status ${status} though no test failed (see above)`);
  rmSync(folder, { recursive: true, force: true });
}

function add({ numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults }) {
  count.passed += numPassedTests;
  count.failed += numFailedTests;
  count.skipped += numPendingTests + numTodoTests;
  count.failed += testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  ).length;
}
