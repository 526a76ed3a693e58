/** Lines for `eval`, in any shell of POSIX's kind. */
export function shellLines(path: string, variables: Readonly<Record<string, string>>): string {
  const exports = Object.entries(variables).map(([name, value]) => `export ${name}=${quoted(value)}`);
  return [`export PATH=${quoted(path)}:"$PATH"`, ...exports].join('\n');
}

function quoted(word: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
