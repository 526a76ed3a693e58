import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs';
import { dirname } from 'node:path';
import type { LogLevel, NodeConfig } from './config/node-config.js';
import { logged } from './core/logged.js';
import type { Logger } from './core/ports.js';

const levels = ['debug', 'info', 'warning', 'error', 'critical', 'none'] as const;

export interface NodeLogger extends Logger {
  setLevel(level: LogLevel): void;
  close(): Promise<void>;
}

/**
 * The node's log in RabbitMQ's own line format, so that what greps and ships those lines goes on working:
 * `2026-11-22 17:30:21.123456+00:00 [info] <0.0.0> text`. There are no Erlang processes here: the pid is constant.
 */
export function openLogger(config: NodeConfig['log']): NodeLogger {
  const file = config.file === null ? null : openFile(config.file);
  let lowest = levels.indexOf(config.level);
  const write = (level: (typeof levels)[number]) => (line: string) => {
    if (levels.indexOf(level) < lowest) return;
    const text = format(level, line);
    file?.write(text);
    if (config.console) process.stdout.write(text);
  };
  return {
    debug: write('debug'),
    info: write('info'),
    warning: write('warning'),
    error: write('error'),
    setLevel: (level) => {
      lowest = levels.indexOf(level);
    },
    close: () => new Promise((resolve) => (file === null ? resolve() : file.end(() => resolve()))),
  };
}

function openFile(path: string): WriteStream {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  return createWriteStream(path, { flags: 'a', mode: 0o600 });
}

function format(level: string, text: string): string {
  const stamp = new Date().toISOString().replace('T', ' ').replace('Z', '000+00:00');
  const prefix = `${stamp} [${level}] <0.0.0> `;
  return `${text
    .split('\n')
    .map((line) => prefix + logged(line))
    .join('\n')}\n`;
}
