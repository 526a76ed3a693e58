/** A file as it is to stand on a host. */
export interface RenderedFile {
  readonly path: string;
  readonly text: string;
  readonly mode: number;
  readonly owner: string;
  readonly group: string;
}

/** A file that root owns and everybody may read. */
export function publicFile(path: string, text: string): RenderedFile {
  return { path, text, mode: 0o644, owner: 'root', group: 'root' };
}
