import { existsSync } from 'node:fs';
import path from 'node:path';

let folder: string | undefined;

/** A file or folder that this package brings along: `templates/host-lock.sh`, `bin/runtime`. */
export function packageFile(name: string): string {
  folder ??= nearest(import.meta.dirname);
  return path.join(folder, name);
}

/** How deep this code lies depends on how it was built. */
function nearest(from: string): string {
  return existsSync(path.join(from, 'package.json')) ? from : nearest(path.dirname(from));
}
