/**
 * A reader of what takes an open file to read: while as many are open as may be, what was read last stands, and a
 * node that has clients up to its limit goes on with them.
 */
export function lastKnown<T>(read: () => T): () => T {
  let last: { value: T } | null = null;
  return () => {
    try {
      last = { value: read() };
    } catch (error) {
      if (last === null || !isOutOfFiles(error)) throw error;
    }
    return last.value;
  };
}

/** This process (EMFILE) or the machine (ENFILE) has as many files open as it may. */
export function isOutOfFiles(error: unknown): boolean {
  const { code, cause } = error as NodeJS.ErrnoException;
  return code === 'EMFILE' || code === 'ENFILE' || (cause !== undefined && isOutOfFiles(cause));
}
