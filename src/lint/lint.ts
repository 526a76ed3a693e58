import path from 'node:path';
import { lintScript, type ScriptLimits } from './check-script.js';
import type { Finding, LintFile, Machine } from './finding.js';
import { lintHaproxy } from './haproxy/rules.js';
import { blocks, numberOf, parseKeepalived, settingOf } from './keepalived/parse.js';
import { lintKeepalived } from './keepalived/rules.js';
import { frontRules } from './together/front.js';
import { peerRules } from './together/peers.js';

export type Kind = 'haproxy' | 'keepalived' | 'script';

/**
 * What bites in files of HAProxy and Keepalived and in check scripts, each by
 * itself and all together: a virtual address that is not bound, two masters, a
 * script slower than the time it is given.
 */
export function lint(files: readonly LintFile[], machine?: Machine): Finding[] {
  const of = (kind: Kind) => files.filter((file) => kindOf(file) === kind);
  const [haproxy, keepalived, scripts] = [of('haproxy'), of('keepalived'), of('script')];
  const found: Finding[] = [
    ...haproxy.flatMap((file) => named(file, lintHaproxy(file.text, machine))),
    ...keepalived.flatMap((file) => named(file, lintKeepalived(file.text, machine))),
    ...scripts.flatMap((file) => named(file, lintScript(file.text, file.access, limitsOf(file, keepalived)))),
    ...frontRules(haproxy, keepalived),
    ...peerRules(keepalived),
  ];
  return inOrder(found, files);
}

/** By what it holds, so that the name may be anything. */
export function kindOf({ text }: LintFile): Kind | undefined {
  if (/^\s*(vrrp_instance|vrrp_script|global_defs|virtual_server)\b/m.test(text)) return 'keepalived';
  if (/^\s*(global|defaults|listen|frontend|backend)\b[^{}=]*$/m.test(text)) return 'haproxy';
  return /^\s*#!\s*\//m.test(text) ? 'script' : undefined;
}

/** The time that the keepalived.conf beside it gives a script of that name. */
function limitsOf(file: LintFile, keepalived: readonly LintFile[]): ScriptLimits | undefined {
  const name = path.basename(file.path);
  const scripts = keepalived.flatMap(({ text }) => blocks(parseKeepalived(text), 'vrrp_script'));
  const script = scripts.find(
    (one) => path.basename(settingOf(one, 'script')?.words[1]?.split(/\s/)[0] ?? '') === name,
  );
  return script && { seconds: numberOf(script, 'timeout') ?? numberOf(script, 'interval') ?? 1 };
}

function named({ path: file }: LintFile, found: readonly Omit<Finding, 'file'>[]): Finding[] {
  return found.map((one) => ({ file, ...one }));
}

/** File by file, line by line; what two sections take from one line of the defaults is said once. */
function inOrder(found: readonly Finding[], files: readonly LintFile[]): Finding[] {
  const place = new Map(files.map((file, index) => [file.path, index]));
  const once = new Map(found.map((one) => [`${one.file}:${one.line}:${one.rule}:${one.problem}`, one]));
  return [...once.values()].sort(
    (left, right) => place.get(left.file)! - place.get(right.file)! || left.line - right.line,
  );
}
