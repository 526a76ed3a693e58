import type { Finding, Path } from '../text.js';

/** Collects what a check finds. */
export class Notebook {
  readonly errors: Finding[] = [];
  readonly warnings: Finding[] = [];

  error(path: Path, message: string, suggestion?: string): void {
    this.errors.push({ path, message, suggestion });
  }

  warn(path: Path, message: string, suggestion: string): void {
    this.warnings.push({ path, message, suggestion });
  }

  /** An error for the key itself rather than for its value. */
  errorAtKey(path: Path, message: string, suggestion?: string): void {
    this.errors.push({ path, message, suggestion, key: true });
  }

  warnAtKey(path: Path, message: string, suggestion: string): void {
    this.warnings.push({ path, message, suggestion, key: true });
  }

  /** An error at each entry whose key an earlier one has. */
  refuseTwice<T>(entries: readonly T[], describe: (entry: T, index: number) => Named): void {
    const seen = new Set<string>();
    for (const [index, entry] of entries.entries()) {
      const { path, key, what } = describe(entry, index);
      const text = JSON.stringify(key);
      if (seen.has(text)) this.error(path, `${what} stands in the file twice`, 'take one of the two out');
      seen.add(text);
    }
  }
}

interface Named {
  readonly path: Path;
  readonly key: unknown;
  readonly what: string;
}
