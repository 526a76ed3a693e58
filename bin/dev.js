#!/usr/bin/env node
// Compiles what has changed, then runs the program as it is built.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const build = spawnSync('node_modules/.bin/rolldown', ['-c', '--log-level', 'warn'], {
  cwd: root,
  stdio: ['ignore', 'ignore', 2],
});
if (build.status !== 0) process.exit(70);

// Made by the build: it would hide a command that has come or changed since.
rmSync(`${root}/oclif.manifest.json`, { force: true });

process.env.NODE_ENV = 'development';
await import('./run.js');
