import type { Access, Found } from './finding.js';

/** The time that Keepalived gives the script, in seconds: its timeout, or else its interval. */
export interface ScriptLimits {
  readonly seconds: number;
}

/** What bites in a check script, and in who may change it. */
export function lintScript(text: string, access?: Access, limits?: ScriptLimits): Found[] {
  const lines = text.split('\n');
  return [
    ...shebang(lines),
    ...lines.flatMap((line, index) => syntax(line.replace(/(^|\s)#.*$/, ''), index + 1)),
    ...lines.flatMap((line, index) => deeds(line.replace(/(^|\s)#.*$/, ''), index + 1)),
    ...slow(lines, limits),
    ...permissions(access),
  ];
}

function shebang(lines: readonly string[]): Found[] {
  if (lines[0]?.startsWith('#!')) return [];
  const later = lines.findIndex((line) => /^#!\s*\//.test(line));
  return [
    {
      line: later < 0 ? 1 : later + 1,
      severity: 'error',
      rule: 'shebang',
      problem: later < 0 ? 'the script does not begin with #!' : `#! stands on line ${later + 1}`,
      why: 'the kernel looks for it on line 1 only, and does not run the file otherwise',
      instead: '`#!/bin/sh` on line 1',
    },
  ];
}

const mistakes: readonly (readonly [pattern: RegExp, problem: string, instead: string])[] = [
  [
    /^\s*[A-Za-z_]\w*=\s+[`$"']/,
    'a space after = runs the value as a command, and sets nothing',
    'no space: NAME=$(…)',
  ],
  [/(^|[\s;])\[[^\s[\]]/, 'no space after [: it is taken for the name of a command', '`[ "$COUNT" -eq 0 ]`'],
  [/\s\[ [^\]]*[^\s\]]\](\s*;|\s*$)/, 'no space before ]: the test has no end', '`[ … -eq 0 ]`'],
];

function syntax(line: string, number: number): Found[] {
  return mistakes
    .filter(([pattern]) => pattern.test(line))
    .map(([, problem, instead]) => ({
      line: number,
      severity: 'error',
      rule: 'shell-syntax',
      problem,
      why: 'the test fails whatever HAProxy does, and the script ends with 0: the address stays on a dead balancer',
      instead,
    }));
}

/** A check that mends is run again before it has mended, and hides from systemd what it started. */
function deeds(line: string, number: number): Found[] {
  const found: Found[] = [];
  const one = (problem: string, why: string, instead: string) =>
    found.push({ line: number, severity: 'error', rule: 'check-that-acts', problem, why, instead });
  if (/(^|\/)haproxy\s+.*-f\s|(systemctl|service)\s+(\S+\s+)?(re)?start\b/.test(line.trim())) {
    one(
      'the check starts HAProxy',
      'outside systemd it is nobody’s service, and a check that acts is not done before its timeout',
      'a check that only reads; let systemd restart HAProxy',
    );
  }
  if (
    /killall\s+(-\S+\s+)?keepalived|pkill\s+.*keepalived|(systemctl|service)\s+(stop\s+keepalived|keepalived\s+stop)/.test(
      line,
    )
  ) {
    one(
      'the check stops Keepalived',
      'nobody starts it again: from then on there is one balancer, and nobody knows',
      '`exit 1`: Keepalived lets the address go, and takes part again when HAProxy is back',
    );
  }
  return found;
}

function slow(lines: readonly string[], limits: ScriptLimits | undefined): Found[] {
  if (!limits) return [];
  return lines.flatMap((line, index): Found[] => {
    const seconds = Number(
      /(?:^|[\s;&|])(?:sleep\s+|--max-time[\s=]+|-m\s+)(\d+(?:\.\d+)?)/.exec(line)?.[1] ?? 0,
    );
    if (seconds < limits.seconds || line.trimStart().startsWith('#')) return [];
    return [
      {
        line: index + 1,
        severity: 'error',
        rule: 'slow-check',
        problem: `the check may take ${seconds} s, and has ${limits.seconds} s`,
        why: 'it is killed before it has an answer: a failure that says nothing about HAProxy',
        instead: 'a check that ends well before its timeout',
      },
    ];
  });
}

function permissions(access: Access | undefined): Found[] {
  if (!access) return [];
  const found: Found[] = [];
  const one = (rule: string, problem: string, why: string, instead: string) =>
    found.push({ line: 1, severity: 'error', rule, problem, why, instead });
  const becomesRoot =
    'who can change it becomes root on this balancer; with enable_script_security it is not run at all';
  if (access.uid !== 0)
    one('writable-script', `the script belongs to uid ${access.uid}`, becomesRoot, '`chown root:root`');
  if (access.mode & 0o022)
    one(
      'writable-script',
      `others may write the script (mode ${octal(access.mode)})`,
      becomesRoot,
      '`chmod 755`',
    );
  if (access.openFolder) {
    one(
      'writable-script',
      `others may write in ${access.openFolder}, above the script`,
      becomesRoot,
      'a folder of root, such as /etc/keepalived',
    );
  }
  if (!(access.mode & 0o111))
    one('not-executable', 'the script may not be executed', 'the check always fails', '`chmod 755`');
  return found;
}

function octal(mode: number): string {
  return (mode & 0o7777).toString(8).padStart(4, '0');
}
