/**
 * rabbitmq-server: reads the configuration, says who it is, starts the node, and stops it when it is told to.
 *
 * With `-detached` it looks at the configuration first, so that what is wrong is said where somebody reads it,
 * then starts itself again without a terminal and returns at once. The pid file is there as soon as the process
 * is known to have its name for itself, and goes with the process.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { NodeNameInUse, Registry, runtimeFolder } from '../../cluster/registry.js';
import { loadConfig } from '../../config/load-config.js';
import type { LogLevel, NodeConfig } from '../../config/node-config.js';
import { readEnabledPlugins, withRequired } from '../../config/plugins.js';
import type { Logger } from '../../core/ports.js';
import { exitStatus } from '../exit-status.js';
import { banner, startLines } from './banner.js';
import { bootFailure } from './boot-failure.js';

export interface RunningNode {
  /** Ends in `stopped`. */
  shutdown(): Promise<void>;
}

export interface ServedLogger extends Logger {
  setLevel(level: LogLevel): void;
  close(): Promise<void>;
}

export interface ServedParts {
  /** Warren's own version. */
  version: string;
  openLogger(config: NodeConfig['log']): ServedLogger;
  /** Resolves when clients can connect. With `signal`, a start that waits for other nodes is rejected (`stopped`). */
  start(options: {
    config: NodeConfig;
    logger: ServedLogger;
    stopped(): void;
    signal: AbortSignal;
  }): Promise<RunningNode>;
}

/** `loadParts` brings the broker's modules, which neither a wrong configuration nor -detached needs. */
export async function serve(loadParts: () => Promise<ServedParts>): Promise<void> {
  const started = Date.now();
  let config: NodeConfig;
  try {
    config = loadConfig();
    checkName(config);
    readEnabledPlugins(config.enabledPluginsFile);
  } catch (error) {
    await giveUp(error, null);
    return;
  }
  if (process.argv.includes('-detached')) {
    const { detach } = await import('./detach.js');
    detach(process.argv.filter((argument) => argument !== '-detached'));
    process.exit(exitStatus.ok);
  }
  await run(config, await loadParts(), started);
}

async function run(config: NodeConfig, parts: ServedParts, started: number): Promise<void> {
  // Who reads what it prints may leave, as `rabbitmq-server | head` does: a broker goes on.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  const logger = parts.openLogger(config.log);
  const stopped = () => {
    removePidFile(config);
    void logger.close().then(() => process.exit(exitStatus.ok));
  };
  const stop = new AbortController();
  try {
    writePidFile(config);
    process.stdout.write(banner(config, parts.version));
    for (const line of startLines(config, parts.version)) logger.info(line);
    for (const notice of config.notices) logger.warning(notice);
    process.stdout.write('  Starting broker...');
    const starting = parts.start({ config, logger, stopped, signal: stop.signal });
    stopOnSignals(starting, stop, logger, stopped);
    await starting;
    const plugins = withRequired(readEnabledPlugins(config.enabledPluginsFile));
    process.stdout.write(` completed with ${plugins.length} plugins.\n`);
    logger.info(
      `Server startup complete; ${plugins.length} plugins started.${plugins.map((name) => `\n * ${name}`).join('')}`,
    );
    logger.info(`Time to start: ${Date.now() - started} ms`);
  } catch (error) {
    if ((error as { code?: unknown }).code === 'stopped') return stopped();
    removePidFile(config);
    await giveUp(error, config, logger);
  }
}

function checkName({ nodeName }: NodeConfig): void {
  const entry = new Registry(runtimeFolder(process.env)).lookup(nodeName);
  if (entry !== null) throw new NodeNameInUse(entry);
}

/** A second signal does not wait any longer. */
function stopOnSignals(
  starting: Promise<RunningNode>,
  stop: AbortController,
  logger: Logger,
  stopped: () => void,
): void {
  const told = (signal: string) => {
    if (stop.signal.aborted) return stopped();
    logger.info(`${signal} received - shutting down`);
    stop.abort();
    starting.then(
      (node) => node.shutdown(),
      () => undefined,
    );
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGQUIT'] as const) process.on(signal, () => told(signal));
  // A detached node outlives the terminal that it was started from.
  process.on('SIGHUP', () => undefined);
}

async function giveUp(
  error: unknown,
  config: NodeConfig | null,
  logger?: Logger & { close(): Promise<void> },
): Promise<void> {
  const { status, text } = bootFailure(error, config);
  process.stderr.write(`\nBOOT FAILED\n===========\n${text}\n\n`);
  logger?.error(`\nBOOT FAILED\n===========\n${text}\n`);
  await logger?.close();
  process.exit(status);
}

function writePidFile({ pidFile }: NodeConfig): void {
  if (pidFile === null) return;
  mkdirSync(dirname(pidFile), { recursive: true });
  writeFileSync(pidFile, `${process.pid}\n`);
}

/** Another node may have written its own there since. */
function removePidFile({ pidFile }: NodeConfig): void {
  if (pidFile === null) return;
  try {
    if (Number.parseInt(readFileSync(pidFile, 'utf8'), 10) === process.pid) rmSync(pidFile);
  } catch {
    // gone already
  }
}
