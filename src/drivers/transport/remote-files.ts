import { WarrenError } from '../../errors/warren-error.js';
import {
  backupSuffix,
  type CommandResult,
  type FileOptions,
  type Ownership,
  type Transport,
} from './transport.js';

/**
 * Files of a host that can only be had through commands. A file's text goes
 * through standard input into a temporary file beside its place; only when all of
 * it has arrived (a broken connection looks like its end) and mode and owner are
 * right does it get its name, in one step. Doing that twice leaves what doing it
 * once leaves; a temporary file whose writer was killed goes with the next write.
 */
export class RemoteFiles {
  readonly #host: Pick<Transport, 'host' | 'run'>;

  constructor(host: Pick<Transport, 'host' | 'run'>) {
    this.#host = host;
  }

  async read(path: string): Promise<string | undefined> {
    const result = await this.#host.run('sh', ['-c', readScript, 'sh', path], {
      readOnly: true,
      maxOutputBytes: largestFile,
    });
    if (result.status === noSuchFile) return undefined;
    this.#expect(result, 'reading', path);
    if (result.truncated) throw this.#failed('reading', path, 'it is larger than 64 MiB');
    return result.stdout;
  }

  async write(path: string, text: string | Uint8Array, options: FileOptions): Promise<void> {
    const bytes = Buffer.from(text as string);
    const mode = options.mode.toString(8);
    const placed = await this.#sh(
      'writing',
      path,
      placeScript,
      [path, `${bytes.length}`, mode, owners(options)],
      bytes,
    );
    const temporary = placed.stdout;
    try {
      await options.check?.(temporary);
      const keep = options.keep ? path + backupSuffix : '';
      await this.#sh('writing', path, nameScript, [path, temporary, keep && backupSuffix]);
    } catch (error) {
      await this.remove(temporary).catch(() => {});
      throw error;
    }
  }

  async makeFolder(path: string, mode: number, ownership: Ownership): Promise<void> {
    await this.#sh('making', path, folderScript, [path, mode.toString(8), owners(ownership)]);
  }

  async remove(path: string): Promise<void> {
    this.#expect(await this.#host.run('rm', ['-rf', '--', path]), 'removing', path);
  }

  async #sh(
    doing: string,
    path: string,
    text: string,
    args: string[],
    input?: Uint8Array,
  ): Promise<CommandResult> {
    const result = await this.#host.run('sh', ['-c', text, 'sh', ...args], input ? { input } : {});
    this.#expect(result, doing, path);
    return result;
  }

  #expect({ status, stderr }: CommandResult, doing: string, path: string): void {
    if (status !== 0) throw this.#failed(doing, path, stderr.trim() || `status ${status}`);
  }

  #failed(doing: string, path: string, reason: string): WarrenError {
    return WarrenError.of('HOST_FILE_FAILED', { host: this.#host.host, doing, path, reason });
  }
}

const largestFile = 64 * 1024 * 1024;
const noSuchFile = 44;

/** chown's word for it, empty when nothing is to be set. */
function owners({ owner, group }: Ownership): string {
  return `${owner ?? ''}${group === undefined ? '' : `:${group}`}`;
}

const readScript = `
if [ ! -e "$1" ] && [ ! -L "$1" ]; then exit ${noSuchFile}; fi
exec cat -- "$1"
`;

/** path size mode owner: prints the temporary file's name. A link keeps pointing where it points. */
const placeScript = `
set -e
umask 077
path=$1
if [ -L "$path" ]; then path=$(readlink -f -- "$path"; echo .); path=\${path%??}; fi
folder=$(dirname -- "$path"; echo .); folder=\${folder%??}
name=\${path##*/}
rm -f -- "$folder/.$name.warren-"??????????
temporary=$(mktemp -- "$folder/.$name.warren-XXXXXXXXXX"; echo .); temporary=\${temporary%??}
trap 'rm -f -- "$temporary"' EXIT
cat >"$temporary"
[ "$(wc -c <"$temporary")" -eq "$2" ] || { echo "not all of it arrived" >&2; exit 1; }
[ -z "$4" ] || chown -- "$4" "$temporary"
chmod -- "$3" "$temporary"
sync -- "$temporary" 2>/dev/null || :
trap - EXIT
printf %s "$temporary"
`;

/** path temporary backup-suffix */
const nameScript = `
set -e
path=$1
if [ -L "$path" ]; then path=$(readlink -f -- "$path"; echo .); path=\${path%??}; fi
if [ -n "$3" ] && [ -e "$path" ] && ! cmp -s -- "$path" "$2"; then ln -f -- "$path" "$path$3"; fi
mv -f -T -- "$2" "$path"
`;

/** path mode owner */
const folderScript = `
set -e
mkdir -p -m "$2" -- "$1"
chmod -- "$2" "$1"
[ -z "$3" ] || chown -- "$3" "$1"
`;
