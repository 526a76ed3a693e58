/** `error`: it does not work, or fails when it is needed. `warning`: it will bite. `note`: worth a thought. */
export type Severity = 'error' | 'warning' | 'note';

/** What bites in a configuration, where, why, and what to write instead. */
export interface Finding {
  readonly file: string;
  readonly line: number;
  readonly severity: Severity;
  /** A name to search for, or to talk about. */
  readonly rule: string;
  readonly problem: string;
  readonly why: string;
  readonly instead: string;
}

/** What a rule finds: the file is known to who asked it. */
export type Found = Omit<Finding, 'file'>;

/** A file as it was read; what is known of it besides its text, if it was looked at on its own machine. */
export interface LintFile {
  readonly path: string;
  readonly text: string;
  readonly access?: Access | undefined;
}

export interface Access {
  readonly uid: number;
  readonly mode: number;
  /** The folder above that others than root can write to, if there is one. */
  readonly openFolder?: string | undefined;
}

/** The machine that a configuration is for, when it is this one. */
export interface Machine {
  readonly interfaces: readonly string[];
  /** The folders of `chroot` that are not there. */
  readonly missing: (path: string) => boolean;
}
