import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Transport } from '../../src/drivers/transport/transport.js';

interface Opened {
  readonly transport: Transport;
  close(): Promise<void>;
}

/** What every way to run a command keeps, where real commands are run. */
export function commandContract(name: string, open: () => Promise<Opened>): void {
  describe(`commands over ${name}`, () => {
    let opened: Opened;
    let transport: Transport;

    beforeAll(async () => {
      opened = await open();
      transport = opened.transport;
    });

    afterAll(() => opened.close());

    it('gives the exit status and both outputs', async () => {
      const result = await transport.run('sh', ['-c', 'echo one; echo two >&2; exit 3']);
      expect(result).toMatchObject({ status: 3, stdout: 'one\n', stderr: 'two\n' });
    });

    it('hands over any words as they are', async () => {
      const words = fc.array(fc.string({ unit: 'binary', maxLength: 40 }).map(plain), { maxLength: 5 });
      await fc.assert(
        fc.asyncProperty(words, async (args) => {
          const { stdout } = await transport.run('printf', ['%s\\0', ...args]);
          expect(stdout).toBe(args.length === 0 ? '\0' : args.map((word) => `${word}\0`).join(''));
        }),
        { numRuns: 60 },
      );
    });

    it('hands over what shells are fond of', async () => {
      const nasty = [
        "it's",
        '"',
        '$HOME',
        '`id`',
        '$(id)',
        '\\',
        '\\n',
        '!',
        '!!',
        '#',
        '~',
        '*',
        '',
        ' ',
        '\n',
        '\r\n',
        '\t',
        '-n',
        '--',
        '%s',
        '&',
        ';',
        '|',
        '{a,b}',
        'é',
        '\u{1f407}',
      ];
      const { stdout } = await transport.run('printf', ['%s\\0', ...nasty]);
      expect(stdout.split('\0').slice(0, -1)).toEqual(nasty);
    });

    it('gives input to the command, to the byte, and the end of it', async () => {
      const input = Buffer.from(Array.from({ length: 300_000 }, (_, at) => (at * 7 + (at >> 8)) % 256));
      const { stdout } = await transport.run('sh', ['-c', 'od -An -v -tx1 | tr -d " \\n"'], { input });
      expect(stdout).toBe(input.toString('hex'));
    });

    it('has an empty input without one', async () => {
      expect(await transport.run('cat', [])).toMatchObject({ status: 0, stdout: '' });
    });

    it('gives the command exactly the environment it is told', async () => {
      const env = { PATH: '/usr/bin:/bin', QUOTED: "it's $HOME\nand more", EMPTY: '' };
      const { stdout } = await transport.run('env', ['-0'], { env });
      const seen = stdout.split('\0').filter((line) => line && !/^(PWD|SHLVL|_)=/.test(line));
      expect(seen.sort()).toEqual(
        Object.entries(env)
          .map(([key, value]) => `${key}=${value}`)
          .sort(),
      );
    });

    it('keeps characters whole that two chunks share', async () => {
      const { stdout } = await transport.run('sh', ['-c', "printf '\\342\\202'; sleep 0.05; printf '\\254'"]);
      expect(stdout).toBe('€');
    });

    it('keeps the beginning of what is too much, and says so', async () => {
      const result = await transport.run('sh', ['-c', 'yes € | head -c 3000000; exit 4'], {
        maxOutputBytes: 1000,
      });
      expect(result).toMatchObject({ status: 4, truncated: true, stdout: '€\n'.repeat(250) });
    });

    it('answers 127 for a command that is not there', async () => {
      const { status, stderr } = await transport.run('/nowhere/at/all', []);
      expect(status).toBe(127);
      expect(stderr).not.toBe('');
    });

    it('answers 128 and the number of the signal that ended it', async () => {
      expect((await transport.run('sh', ['-c', 'kill -TERM $$'])).status).toBe(143);
    });

    it('ends what takes too long, and what it started', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'warren-run-'));
      const { status, stderr, stdout } = await transport.run('sh', ['-c', `echo begun; exec sleep 1000`], {
        timeoutMs: 300,
      });
      expect({ status, stdout }).toEqual({ status: 124, stdout: 'begun\n' });
      expect(stderr).toContain('0.3 s');
      rmSync(folder, { recursive: true });
    });

    it('ends the command when the signal aborts, before it tells', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'warren-run-'));
      const pidFile = join(folder, 'pid');
      const aborting = new AbortController();
      const running = transport.run('sh', ['-c', 'echo $$ >"$1"; exec sleep 1000', 'sh', pidFile], {
        signal: aborting.signal,
      });
      while (!existsSync(pidFile) || readFileSync(pidFile, 'utf8') === '')
        await new Promise((resolve) => setTimeout(resolve, 5));
      aborting.abort(new Error('enough'));
      await expect(running).rejects.toThrow('enough');
      expect(lives(Number(readFileSync(pidFile, 'utf8')))).toBe(false);
      rmSync(folder, { recursive: true });
    });

    it('runs nothing for a signal that has aborted already', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'warren-run-'));
      await expect(
        transport.run('touch', [join(folder, 'made')], { signal: AbortSignal.abort(new Error('enough')) }),
      ).rejects.toThrow('enough');
      expect(existsSync(join(folder, 'made'))).toBe(false);
      rmSync(folder, { recursive: true });
    });

    it('runs many commands side by side', async () => {
      const all = Array.from({ length: 40 }, (_, at) =>
        transport.run('sh', ['-c', `sleep 0.0${at % 10}; echo ${at}`]),
      );
      expect((await Promise.all(all)).map(({ stdout }) => Number(stdout))).toEqual(all.map((_, at) => at));
    });
  });
}

/** What every transport does with files. `root` is a folder of the host that is empty before each test. */
export function fileContract(name: string, open: () => Promise<Opened & { readonly root: string }>): void {
  describe(`files over ${name}`, () => {
    let opened: Opened & { readonly root: string };
    let transport: Transport;
    let at: (file: string) => string;

    beforeEach(async () => {
      opened = await open();
      transport = opened.transport;
      at = (file) => `${opened.root}/${file}`;
    });

    afterEach(() => opened.close());

    it('reads what it wrote, and nothing where nothing is', async () => {
      const text = "it's\n€ \u{1f407}\0\r\n";
      await transport.writeFile(at('a file'), text, { mode: 0o600 });
      expect(await transport.readFile(at('a file'))).toBe(text);
      expect(await transport.readFile(at('none'))).toBeUndefined();
    });

    it('writes an empty file and a large one', async () => {
      const large = 'warren '.repeat(100_000);
      await transport.writeFile(at('empty'), '', { mode: 0o600 });
      await transport.writeFile(at('large'), large, { mode: 0o600 });
      expect(await transport.readFile(at('empty'))).toBe('');
      expect(await transport.readFile(at('large'))).toBe(large);
    });

    it('writes names that a shell would stumble over', async () => {
      for (const odd of ["it's", '-n', '$HOME', 'a  b', '\u{1f407}', '*', 'end\n']) {
        await transport.writeFile(at(odd), odd, { mode: 0o644 });
        expect(await transport.readFile(at(odd))).toBe(odd);
      }
    });

    it('changes nothing when the check throws, and leaves no temporary file', async () => {
      await transport.writeFile(at('file'), 'old', { mode: 0o600 });
      let seen: string | undefined;
      const refusing = transport.writeFile(at('file'), 'new', {
        mode: 0o600,
        check: async (temporary) => {
          seen = temporary;
          expect(await transport.readFile(temporary)).toBe('new');
          expect(await transport.readFile(at('file'))).toBe('old');
          throw new Error('not like this');
        },
      });
      await expect(refusing).rejects.toThrow('not like this');
      expect(await transport.readFile(at('file'))).toBe('old');
      expect(await transport.readFile(seen!)).toBeUndefined();
    });

    it('keeps what it replaces beside it, and what was kept when nothing differs', async () => {
      const backup = at('file.warren-backup');
      await transport.writeFile(at('file'), 'one', { mode: 0o600, keep: true });
      expect(await transport.readFile(backup)).toBeUndefined();
      await transport.writeFile(at('file'), 'two', { mode: 0o600, keep: true });
      expect(await transport.readFile(backup)).toBe('one');
      await transport.writeFile(at('file'), 'two', { mode: 0o600, keep: true });
      expect(await transport.readFile(backup)).toBe('one');
      await transport.writeFile(at('file'), 'three', { mode: 0o600 });
      expect(await transport.readFile(backup)).toBe('one');
      await transport.writeFile(at('file'), 'four', { mode: 0o600, keep: true });
      expect(await transport.readFile(backup)).toBe('three');
    });

    it('makes folders in folders, and again', async () => {
      await transport.makeFolder(at('one/two/three'), 0o750);
      await transport.makeFolder(at('one/two/three'), 0o700);
      await transport.writeFile(at('one/two/three/file'), 'text', { mode: 0o600 });
      await transport.makeFolder(at('one/two/three'), 0o700);
      expect(await transport.readFile(at('one/two/three/file'))).toBe('text');
    });

    it('refuses to write into a folder that is not there', async () => {
      await expect(transport.writeFile(at('none/file'), 'text', { mode: 0o600 })).rejects.toThrow();
      expect(await transport.readFile(at('none/file'))).toBeUndefined();
    });

    it('removes files, folders with what is in them, and nothing', async () => {
      await transport.makeFolder(at('folder/inner'), 0o700);
      await transport.writeFile(at('folder/inner/file'), 'text', { mode: 0o600 });
      await transport.writeFile(at('file'), 'text', { mode: 0o600 });
      for (const gone of ['folder', 'file', 'never']) await transport.remove(at(gone));
      expect(await transport.readFile(at('folder/inner/file'))).toBeUndefined();
      expect(await transport.readFile(at('file'))).toBeUndefined();
    });
  });
}

/** What a transport does to the files of a host that this test can look at itself. */
export function realFileContract(
  name: string,
  open: () => Promise<Opened & { readonly root: string }>,
): void {
  fileContract(name, open);

  describe(`real files over ${name}`, () => {
    it('gives the mode, whatever was there before', async () => {
      const { transport, root, close } = await open();
      writeFileSync(join(root, 'file'), 'old');
      chmodSync(join(root, 'file'), 0o777);
      await transport.writeFile(join(root, 'file'), 'new', { mode: 0o640 });
      expect(statSync(join(root, 'file')).mode & 0o7777).toBe(0o640);
      await transport.makeFolder(join(root, 'folder'), 0o710);
      expect(statSync(join(root, 'folder')).mode & 0o7777).toBe(0o710);
      await close();
    });

    it.runIf(process.getuid?.() === 0)('gives the owner and the group', async () => {
      const { transport, root, close } = await open();
      await transport.writeFile(join(root, 'file'), 'text', { mode: 0o400, owner: 'daemon', group: 'games' });
      await transport.makeFolder(join(root, 'folder'), 0o700, { owner: 'daemon' });
      expect(statSync(join(root, 'file'))).toMatchObject({ uid: 1, gid: 60 });
      expect(statSync(join(root, 'folder')).uid).toBe(1);
      await close();
    });
  });
}

function plain(text: string): string {
  return Buffer.from(text.replaceAll('\0', '')).toString();
}

function lives(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
