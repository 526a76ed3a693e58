/**
 * Lets Node import this project's TypeScript as it stands: `./x.js` finds `./x.ts`,
 * whose types are stripped on the way in. For programs of test/ that are run by hand.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import module from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { isMainThread } from 'node:worker_threads';

const cache = path.join(import.meta.dirname, '../../node_modules/.cache/warren-lab');

if (isMainThread) module.register(import.meta.url);

export async function resolve(specifier, context, next) {
  const source = specifier.replace(/\.js$/, '.ts');
  if (specifier.startsWith('.') && existsSync(new URL(source, context.parentURL)))
    return next(source, context);
  return next(specifier, context);
}

export async function load(url, context, next) {
  if (!url.endsWith('.ts')) return next(url, context);
  return { format: 'module', source: await compiled(fileURLToPath(url)), shortCircuit: true };
}

/** What was compiled is kept beside what npm installed: the compiler alone takes half a second to load. */
async function compiled(file) {
  const text = readFileSync(file, 'utf8');
  const cached = path.join(cache, createHash('sha256').update(file).update(text).digest('hex'));
  if (existsSync(cached)) return readFileSync(cached, 'utf8');
  const { default: typescript } = await import('typescript');
  const { outputText } = typescript.transpileModule(text, {
    fileName: file,
    compilerOptions: {
      target: typescript.ScriptTarget.ES2023,
      module: typescript.ModuleKind.ESNext,
      inlineSourceMap: true,
    },
  });
  mkdirSync(cache, { recursive: true });
  writeFileSync(cached, outputText);
  return outputText;
}
