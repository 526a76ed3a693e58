/** What came of a command that was run to its end. */
export interface CommandResult {
  /**
   * Its exit status; 128 and the signal's number when a signal ended it, 127 when
   * it could not be started, 124 when it took longer than it was given.
   */
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
  /** It printed more than `maxOutputBytes`: the rest was left out. */
  readonly truncated?: boolean;
}

export interface RunOptions {
  /** The whole environment of the command; left out, it has the one that the host gives. */
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
  /** When it aborts, the command is ended on its host, and `run` rejects with the reason. */
  readonly signal?: AbortSignal;
  /** The command's standard input, which is empty without it. Secrets travel here, never in `args`. */
  readonly input?: string | Uint8Array;
  /** How much of each output is kept: 8 MiB when left out. */
  readonly maxOutputBytes?: number;
  /** It changes nothing, so it may be sent once more if the connection breaks under it. */
  readonly readOnly?: boolean;
}

export interface Ownership {
  readonly owner?: string;
  readonly group?: string;
}

export interface FileOptions extends Ownership {
  readonly mode: number;
  /** What was there before, if it differs, stays beside it as `PATH.warren-backup`. */
  readonly keep?: boolean;
  /** Looks at the temporary file before it gets its name. If it throws, nothing was changed. */
  readonly check?: (temporary: string) => Promise<void>;
}

/** What `keep` adds to a file's name. */
export const backupSuffix = '.warren-backup';

/**
 * A way to a host: it runs commands there, as root if the host is another
 * machine, and touches files there. Everything that a driver does to a host
 * goes through one of these.
 */
export interface Transport {
  /** The host as an error names it. */
  readonly host: string;
  run(file: string, args: readonly string[], options?: RunOptions): Promise<CommandResult>;
  /** Nothing when there is no such file. */
  readFile(path: string): Promise<string | undefined>;
  /** Writes a temporary file beside it, gives it mode and owner, and renames it: whole or not at all. */
  writeFile(path: string, text: string | Uint8Array, options: FileOptions): Promise<void>;
  /** Makes the folder and those above it. One that is there keeps what is in it, and gets the mode and owner. */
  makeFolder(path: string, mode: number, ownership?: Ownership): Promise<void>;
  /** Removes a file, or a folder with all that is in it; nothing happens if there is none. */
  remove(path: string): Promise<void>;
  close(): Promise<void>;
}

export interface DetachedOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly folder: string;
  /** The file that receives standard output and standard error: made anew, so that it tells of this start only. */
  readonly output: string;
}

/** A process that outlives its starter. `ended` settles if it ends while the starter still lives. */
export interface DetachedProcess {
  readonly pid: number;
  readonly ended: Promise<{ readonly status: number | null; readonly signal: string | null }>;
}

/** This machine, where a program can be left running without a service that holds it. */
export interface LocalTransport extends Transport {
  startDetached(file: string, args: readonly string[], options: DetachedOptions): Promise<DetachedProcess>;
}
