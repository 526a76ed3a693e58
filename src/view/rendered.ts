interface Rendered {
  readonly host: string;
  readonly path: string;
  readonly text: string;
}

/** One file as it is; several, each under a line that says which it is. */
export function renderedText(files: readonly Rendered[]): string {
  const [only] = files;
  if (files.length === 1) return only!.text.trimEnd();
  return files
    .map(({ host, path, text }) => `# --- ${host}:${path}\n${text.trimEnd()}\n`)
    .join('\n')
    .trimEnd();
}
