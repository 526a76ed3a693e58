/**
 * What is run: a few files in the place of hundreds, packages included, so that a command or a node starts in half
 * the time and in less memory. What is loaded only when it is needed (a plugin, a tool's command, a phase) stays in
 * files of its own. Types are tsc's matter: `npm run check`.
 */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'rolldown';

/** What the executables of the bundled engine load. */
const runtime = {
  serve: 'src/broker/tools/server/serve.ts',
  broker: 'src/broker/served-parts.ts',
  run: 'src/broker/tools/run.ts',
};

/** Each command by the place of its file, where oclif looks for it, and what starts and explains them. */
const commands = readdirSync('src/commands', { recursive: true })
  .filter((file) => file.endsWith('.ts') && (!file.startsWith('base/') || /^base\/(main|help)\./.test(file)))
  .map((file) => [file.replace(/\.ts$/, ''), `src/commands/${file}`]);

/** Completion, which oclif has ready: as commands of our own, so that no start looks for plugins. */
const completion = fileURLToPath(new URL('commands', import.meta.resolve('@oclif/plugin-autocomplete')));
const ready = readdirSync(completion, { recursive: true })
  .filter((file) => file.endsWith('.js'))
  .map((file) => [file.replace(/\.js$/, ''), `${completion}/${file}`]);

export default defineConfig([
  {
    input: runtime,
    platform: 'node',
    output: { dir: 'dist/runtime', chunkFileNames: '[name].js' },
  },
  {
    input: Object.fromEntries([...commands, ...ready]),
    platform: 'node',
    // Has parts that are compiled where it is installed, or that oclif only knows when it runs from source.
    external: ['ssh2', 'typescript', 'ts-node', 'tsx'],
    output: {
      dir: 'dist',
      entryFileNames: 'commands/[name].js',
      chunkFileNames: 'chunks/[name].js',
      // A fifth of a command's time was reading what nobody reads; names stay, for --debug.
      minify: { mangle: { keepNames: true }, compress: { keepNames: { function: true, class: true } } },
    },
  },
  {
    // The message store by itself, to be measured; apart, so that a node is not cut into smaller files for it.
    input: { 'segment-store': 'src/broker/storage/segment-store.ts' },
    platform: 'node',
    output: { dir: 'dist/measured' },
  },
  {
    // The page: one script for browsers, and what only some of its views need.
    input: { main: 'src/web/main.tsx' },
    platform: 'browser',
    output: { dir: 'dist/web', minify: true, chunkFileNames: '[name].js' },
  },
]);
