import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

type Report = {
  modules: { source: string }[];
  summary: { violations: { rule: { name: string }; from: string; to: string }[] };
};

const root = path.resolve(import.meta.dirname, '../..');
const depcruise = path.join(root, 'node_modules/.bin/depcruise');
const config = path.join(root, '.dependency-cruiser.cjs');
const { forbidden } = createRequire(import.meta.url)(config) as { forbidden: { name: string }[] };

describe('the arrows of the house', () => {
  it('are checked over every source file', () => {
    const { modules } = cruise(root);
    const seen = modules.map((module) => module.source).filter((source) => source.startsWith('src/'));
    const files = readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' });
    expect(seen.sort()).toEqual(
      files
        .filter((file) => /\.tsx?$/.test(file))
        .map((file) => `src/${file}`)
        .sort(),
    );
  }, 120_000);
});

describe('a planted violation', () => {
  let folder: string;
  let report: Report;

  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'warren-arrows-'));
    cpSync(config, path.join(folder, '.dependency-cruiser.cjs'));
    cpSync(path.join(root, 'tsconfig.json'), path.join(folder, 'tsconfig.json'));
    for (const [file, text] of Object.entries(planted())) {
      mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
      writeFileSync(path.join(folder, file), text);
    }
    report = cruise(folder);
  }, 120_000);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(forbidden.map((rule) => rule.name))('is reported by the rule %s', (name) => {
    expect(report.summary.violations.map((violation) => violation.rule.name)).toContain(name);
  });

  it('is not found where there is none', () => {
    const from = report.summary.violations.map((violation) => violation.from);
    expect(from).not.toContain('src/commands/lawful.ts');
    expect(from).not.toContain('src/view/lawful.ts');
  });
});

/** One unlawful import for each room (each imports the room at the very top), a circle, and one lawful import. */
function planted(): Record<string, string> {
  const rooms = forbidden.flatMap(({ name }) => /^(?:(broker)-)?(.+)-imports-only-below$/.exec(name) ?? []);
  const files: Record<string, string> = {
    'src/web/page.ts': 'export const page = 1;\n',
    'src/broker/node.ts': 'export const node = 1;\n',
    'src/errors/lawful.ts': 'export const table = 1;\n',
    'src/commands/lawful.ts': "export { table } from '../errors/lawful.js';\n",
    'src/web/one.ts': "import { two } from './two.js';\nexport const one = () => two;\n",
    'src/web/two.ts': "import { one } from './one.js';\nexport const two = () => one;\n",
    'src/render/apart.ts': "export { node } from '../broker/node.js';\n",
    'src/phases/event.ts': 'export type Event = string;\nexport const event = 1;\n',
    'src/view/by-value.ts': "export { event } from '../phases/event.js';\n",
    'src/view/lawful.ts': "export type { Event } from '../phases/event.js';\n",
  };
  for (let index = 0; index < rooms.length; index += 3) {
    const [broker, room] = [rooms[index + 1], rooms[index + 2]];
    const up = broker ? '../../' : '../';
    const top =
      room === 'web'
        ? 'export { table } from "../commands/lawful.js"'
        : `export { page } from '${up}web/page.js'`;
    files[`src/${broker ? 'broker/' : ''}${room}/planted.ts`] = `${top};\n`;
  }
  return files;
}

function cruise(cwd: string): Report {
  const { stdout, stderr } = spawnSync(
    depcruise,
    ['--config', '.dependency-cruiser.cjs', '--output-type', 'json', 'src'],
    { cwd, encoding: 'utf8', maxBuffer: 1 << 28 },
  );
  if (!stdout) throw new Error(`dependency-cruiser said nothing: ${stderr}`);
  return JSON.parse(stdout) as Report;
}
