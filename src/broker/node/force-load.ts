/**
 * `rabbitmqctl force_boot`: a file in the node's data directory that lets it start without those members that were
 * up when it stopped; the name is RabbitMQ's. The tool writes it itself when the node is down.
 */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { forceLoadFile } from '../config/environment.js';

const fileIn = (mnesia: string) => join(mnesia, forceLoadFile);

export const isForced = (mnesia: string): boolean => existsSync(fileIn(mnesia));

export function force(mnesia: string): void {
  mkdirSync(mnesia, { recursive: true });
  writeFileSync(fileIn(mnesia), '');
}

/** It counts for one start. */
export function forgetForce(mnesia: string): void {
  rmSync(fileIn(mnesia), { force: true });
}
