/** One row of the table of errors. */
export interface ErrorEntry<Facts> {
  readonly exit: number;
  readonly message: (facts: Facts) => string;
  readonly next: (facts: Facts) => string;
}

export function entry<Facts>(
  exitCode: number,
  message: (facts: Facts) => string,
  next: (facts: Facts) => string,
): ErrorEntry<Facts> {
  return { exit: exitCode, message, next };
}
