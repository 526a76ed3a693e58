/** What came of a command that was run to its end. */
export interface CommandResult {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** The whole environment of the command. */
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

export interface DetachedOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly folder: string;
  /** The file that receives standard output and standard error. */
  readonly output: string;
}

/** A process that outlives its starter. `ended` settles if it ends while the starter still lives. */
export interface DetachedProcess {
  readonly pid: number;
  readonly ended: Promise<{ readonly status: number | null; readonly signal: string | null }>;
}

/**
 * A way to a host: it runs commands there and touches files there. Everything
 * that a driver does to a host goes through one of these.
 */
export interface Transport {
  /** The host as an error names it. */
  readonly host: string;
  run(file: string, args: readonly string[], options?: RunOptions): Promise<CommandResult>;
  startDetached(file: string, args: readonly string[], options: DetachedOptions): Promise<DetachedProcess>;
  readFile(path: string): Promise<string | undefined>;
  writeFile(path: string, text: string, mode: number): Promise<void>;
  makeFolder(path: string, mode: number): Promise<void>;
  remove(path: string): Promise<void>;
}
