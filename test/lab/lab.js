#!/usr/bin/env node
/** Blank hosts by hand; without arguments it says what it can do. */
import './typescript.js';

const { byHand } = await import('./by-hand.js');
process.exitCode = await byHand(process.argv.slice(2));
