#!/usr/bin/env node
/**
 * `npm run reached`: which handlers of AMQP methods the twin scenarios reach. The bundled nodes write V8's coverage
 * as they stop; a handler is a method of a channel (`"queue.bind": …`) or a case of channel 0 (`case "connection.open"`)
 * in the built broker, and counts as reached when any node ran it. Exits 1 when one was not.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '../..');
const broker = path.join(root, 'dist/runtime/broker.js');
const folder = mkdtempSync(path.join(os.tmpdir(), 'warren-reached-'));

const { status } = spawnSync(
  path.join(root, 'node_modules/.bin/vitest'),
  ['run', '--project', 'twin', ...(process.argv.length > 2 ? process.argv.slice(2) : ['test/twin/amqp'])],
  { cwd: root, stdio: 'inherit', env: { ...process.env, WARREN_COVERAGE: folder } },
);
const runs = readdirSync(folder).flatMap(coverageOf);
rmSync(folder, { recursive: true });

const handlers = handlersIn(readFileSync(broker, 'utf8'));
const unreached = handlers.filter(({ offset }) => !runs.some((functions) => countAt(functions, offset) > 0));
console.log(`${handlers.length - unreached.length} of ${handlers.length} handlers of methods are reached`);
for (const { name } of unreached) console.log(`not reached: ${name}`);
process.exitCode = status !== 0 || runs.length === 0 || unreached.length > 0 ? 1 : 0;

/** Of the broker's own file, if the process had loaded it: tools write their coverage beside the nodes. */
function coverageOf(name) {
  const { result } = JSON.parse(readFileSync(path.join(folder, name), 'utf8'));
  return result.filter(({ url }) => url === `file://${broker}`).map(({ functions }) => functions);
}

/** The names of methods, and a place inside what handles each. */
function handlersIn(text) {
  const shapes = [
    /^\t"([a-z]+\.[a-z-]+)": (?:async )?\(channel[^\n]*=> ?/gm,
    /^\t\tcase "(connection\.[a-z-]+)":\s*/gm,
  ];
  return shapes.flatMap((shape) =>
    [...text.matchAll(shape)].map((match) => ({ name: match[1], offset: match.index + match[0].length })),
  );
}

/** How often the innermost range around a place ran. */
function countAt(functions, offset) {
  let innermost;
  for (const { ranges } of functions) {
    for (const range of ranges) {
      if (range.startOffset > offset || range.endOffset <= offset) continue;
      const size = range.endOffset - range.startOffset;
      if (innermost === undefined || size <= innermost.size) innermost = { size, count: range.count };
    }
  }
  return innermost?.count ?? 0;
}
