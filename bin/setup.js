#!/usr/bin/env node
/**
 * Makes a clone ready to run: packages as the lockfile says, then the build.
 * Says nothing and takes a few milliseconds when there is nothing to do, so
 * every npm script can begin with it. Node only: nothing is installed yet.
 *
 * Packages are fresh when npm's own record of what it installed
 * (node_modules/.package-lock.json) holds every version of the lockfile; times
 * say nothing here, since a checkout gives the lockfile a new one. The build is
 * fresh when `dist`, made anew by each build, is younger than every file and
 * folder of `src` (a folder's time tells of deleted files).
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const at = (...parts) => path.join(root, ...parts);

if (!packagesAreFresh()) {
  run('npm', ['ci', '--no-progress'], 'installing packages (npm ci)');
}
if (!buildIsFresh()) {
  run('npm', ['run', '--silent', 'build'], 'building', () =>
    rmSync(at('dist'), { recursive: true, force: true }),
  );
}

function packagesAreFresh() {
  const installed = packagesOf(at('node_modules', '.package-lock.json'));
  if (!installed) return false;
  return Object.entries(packagesOf(at('package-lock.json')) ?? {}).every(
    ([where, { version, optional }]) =>
      where === '' || (installed[where] ? installed[where].version === version : optional),
  );
}

function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

function buildIsFresh() {
  const built = timeOf(at('dist'));
  return (
    built > 0 &&
    [at('src'), at('tsconfig.json'), at('rolldown.config.js'), at('package-lock.json')].every(
      (source) => newest(source) <= built,
    )
  );
}

function newest(file) {
  const status = statSync(file);
  if (!status.isDirectory()) return status.mtimeMs;
  return readdirSync(file).reduce(
    (time, name) => Math.max(time, newest(path.join(file, name))),
    status.mtimeMs,
  );
}

function timeOf(file) {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function run(command, args, what, undo = () => {}) {
  process.stderr.write(`warren: ${what} …\n`);
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2] });
  if (status === 0) return;
  undo();
  process.stderr.write(
    `warren: ${what} failed${error ? `: ${error.message}` : ''}. Run it by hand to see more: ${command} ${args.join(' ')}\n`,
  );
  process.exit(status || 70);
}
