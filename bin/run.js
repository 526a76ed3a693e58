#!/usr/bin/env node
import module from 'node:module';
import { fileURLToPath } from 'node:url';

// Where Node can keep compiled code (22.1 and later), the program starts in half the time.
module.enableCompileCache?.();

const { main } = await import('../dist/commands/base/main.js');
await main(process.argv.slice(2), fileURLToPath(import.meta.url));
