/**
 * The files of the page, as a server gives them out. All of them are read into memory when the first is asked
 * for; a request is looked up by its whole name among those, so that no path leads anywhere else. Each has an
 * ETag of its bytes: a browser asks again every time, and mostly hears that nothing has changed.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { packageFile } from '../package/package-file.js';

export interface WebRequest {
  readonly method: string;
  /** Below the page's own address, without a slash at its head; empty is index.html. */
  readonly name: string;
  readonly acceptEncoding: string | undefined;
  readonly ifNoneMatch: string | undefined;
}

export interface WebAnswer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: Uint8Array<ArrayBuffer> | null;
}

interface WebFile {
  readonly type: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly compressed: Uint8Array<ArrayBuffer>;
  readonly etag: string;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
};

/** No script and no style but the page's own files, and nobody may put it into a frame. */
const pageHeaders: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cache-control': 'no-cache',
};

const built = packageFile('dist/web');

export class WebFiles {
  readonly #folder: string;
  readonly #instead: Readonly<Record<string, string>>;
  #files: Promise<ReadonlyMap<string, WebFile>> | undefined;

  /** `instead` has the text of files that this server knows better. */
  constructor(instead: Readonly<Record<string, string>> = {}, folder = built) {
    this.#folder = folder;
    this.#instead = instead;
  }

  /** null: there is no such file. */
  async answer({ method, name, acceptEncoding, ifNoneMatch }: WebRequest): Promise<WebAnswer | null> {
    if (method !== 'GET' && method !== 'HEAD') return null;
    this.#files ??= readFiles(this.#folder, this.#instead);
    const file = (await this.#files).get(name === '' ? 'index.html' : name);
    if (!file) return null;
    const headers: Record<string, string> = { ...pageHeaders, etag: file.etag, vary: 'accept-encoding' };
    if (ifNoneMatch?.includes(file.etag)) return { status: 304, headers, body: null };
    const zipped = /\bgzip\b/.test(acceptEncoding ?? '') && file.compressed.length < file.bytes.length;
    const bytes = zipped ? file.compressed : file.bytes;
    if (zipped) headers['content-encoding'] = 'gzip';
    headers['content-type'] = file.type;
    headers['content-length'] = String(bytes.length);
    return { status: 200, headers, body: method === 'HEAD' ? null : bytes };
  }
}

async function readFiles(folder: string, instead: Readonly<Record<string, string>>) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile() && types[path.extname(entry.name)] !== undefined)
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'));
  const files = names.map(async (name): Promise<[string, WebFile]> => {
    const text = instead[name];
    const bytes = text === undefined ? await readFile(path.join(folder, name)) : Buffer.from(text);
    return [name, fileOf(types[path.extname(name)]!, bytes)];
  });
  return new Map(await Promise.all(files));
}

function fileOf(type: string, bytes: Uint8Array): WebFile {
  const digest = createHash('sha256').update(bytes).digest('base64url').slice(0, 22);
  return {
    type,
    bytes: new Uint8Array(bytes),
    compressed: new Uint8Array(gzipSync(bytes, { level: 9 })),
    etag: `"${digest}"`,
  };
}
