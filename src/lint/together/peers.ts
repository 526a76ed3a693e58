import type { Finding, LintFile } from '../finding.js';
import { blocks, type Entry, listOf, numberOf, parseKeepalived, settingOf } from '../keepalived/parse.js';

interface Side {
  readonly file: string;
  readonly conf: readonly Entry[];
  readonly instance: Entry;
}

/** What bites only because of what the other balancer says. */
export function peerRules(files: readonly LintFile[]): Finding[] {
  const sides = files.flatMap((file) => {
    const conf = parseKeepalived(file.text);
    return blocks(conf, 'vrrp_instance').map((instance): Side => ({ file: file.path, conf, instance }));
  });
  return sides.flatMap((left, index) =>
    sides
      .slice(index + 1)
      .filter((right) => right.file !== left.file && sharesAddress(left, right))
      .flatMap((right) => [...identity(left, right), ...election(left, right), ...differences(left, right)]),
  );
}

function sharesAddress(left: Side, right: Side): boolean {
  const of = ({ instance }: Side) =>
    listOf(instance, 'virtual_ipaddress').map(({ value }) => value.replace(/\/\d+$/, ''));
  const mine = new Set(of(left));
  return of(right).some((address) => mine.has(address));
}

function identity(left: Side, right: Side): Finding[] {
  const [one, two] = [left, right].map(({ instance }) => numberOf(instance, 'virtual_router_id'));
  if (one === two) return [];
  return [
    at(right, 'virtual_router_id', {
      severity: 'error',
      rule: 'different-vrid',
      problem: `virtual_router_id ${two}, and ${one} in ${left.file}`,
      why: 'they do not hear each other: both take the address',
      instead: 'the same number in both',
    }),
  ];
}

function election(left: Side, right: Side): Finding[] {
  const [one, two] = [left, right].map(({ instance }) => numberOf(instance, 'priority') ?? 100) as [
    number,
    number,
  ];
  const masters = [left, right].every(({ instance }) => settingOf(instance, 'state')?.words[1] === 'MASTER');
  const found: Finding[] = [];
  if (masters) {
    found.push(
      at(right, 'state', {
        severity: 'error',
        rule: 'two-masters',
        problem: `state MASTER here and in ${left.file}`,
        why: 'each takes the address when it starts, until it has heard the other',
        instead: '`state BACKUP` in both',
      }),
    );
  }
  if (one === two) {
    found.push(
      at(right, 'priority', {
        severity: 'error',
        rule: 'same-priority',
        problem: `priority ${two} here and in ${left.file}`,
        why: 'who holds the address is left to chance, and both may for a while',
        instead: 'different priorities',
      }),
    );
  }
  const [high, low] = one >= two ? [left, right] : [right, left];
  return [...found, ...(one === two ? [] : flips(high, low, Math.abs(one - two)))];
}

/** A weight that is not larger than the gap never makes the second the first. */
function flips(high: Side, low: Side, gap: number): Finding[] {
  const scripts = blocks(high.conf, 'vrrp_script');
  return listOf(high.instance, 'track_script').flatMap(({ value }): Finding[] => {
    const script = scripts.find(({ words }) => words[1] === value);
    const weight = numberOf(script, 'weight') ?? 0;
    if (weight === 0 || Math.abs(weight) > gap) return [];
    return [
      {
        file: high.file,
        line: settingOf(script, 'weight')!.line,
        severity: 'error',
        rule: 'weight-never-flips',
        problem: `weight ${weight} does not bridge the ${gap} between the priorities here and in ${low.file}`,
        why: 'when the check fails, this host still has the higher priority and keeps the address',
        instead: `\`weight 0\` (or none), or a weight beyond ${gap}`,
      },
    ];
  });
}

function differences(left: Side, right: Side): Finding[] {
  const password = ({ instance }: Side) =>
    settingOf(settingOf(instance, 'authentication'), 'auth_pass')?.words[1]?.slice(0, 8);
  const interval = ({ instance }: Side) => numberOf(instance, 'advert_int') ?? 1;
  const found: Finding[] = [];
  if (password(left) !== password(right)) {
    found.push(
      at(right, 'authentication', {
        severity: 'error',
        rule: 'different-passwords',
        problem: `not the same auth_pass as in ${left.file}`,
        why: 'each takes the other for an impostor: both hold the address',
        instead: 'the same in both (8 characters count), or none',
      }),
    );
  }
  if (interval(left) !== interval(right)) {
    found.push(
      at(right, 'advert_int', {
        severity: 'error',
        rule: 'different-intervals',
        problem: `advert_int ${interval(right)}, and ${interval(left)} in ${left.file}`,
        why: 'VRRP 2 drops advertisements of another interval: both hold the address',
        instead: 'the same in both',
      }),
    );
  }
  return found;
}

function at({ file, instance }: Side, setting: string, rest: Omit<Finding, 'file' | 'line'>): Finding {
  return { file, line: settingOf(instance, setting)?.line ?? instance.line, ...rest };
}
