import type { Found } from '../finding.js';
import { blocks, type Entry, numberOf, settingOf } from './parse.js';

/** How the check is run: by whom, how often, how long. */
export function scriptRules(conf: readonly Entry[]): Found[] {
  const scripts = blocks(conf, 'vrrp_script');
  const [globals] = blocks(conf, 'global_defs');
  return [
    ...security(scripts, globals),
    ...scripts.flatMap((script) => [...time(script), ...presence(script), ...place(script)]),
  ];
}

function security(scripts: readonly Entry[], globals: Entry | undefined): Found[] {
  if (scripts.length === 0 || settingOf(globals, 'enable_script_security')) return [];
  return [
    {
      line: (globals ?? scripts[0]!).line,
      severity: 'error',
      rule: 'script-security',
      problem: 'enable_script_security is missing',
      why: 'scripts run as root even if others may change them; Keepalived warns, and its test ends with 6',
      instead: '`enable_script_security` and `script_user` in global_defs',
    },
  ];
}

function time(script: Entry): Found[] {
  const interval = numberOf(script, 'interval') ?? 1;
  if (settingOf(script, 'timeout')) return [];
  return [
    {
      line: script.line,
      severity: 'warning',
      rule: 'no-script-timeout',
      problem: `${script.words[1] ?? 'the script'} has no timeout`,
      why: `it is killed after its interval (${interval} s), and whether that is a failure depends on the version`,
      instead: `\`timeout ${Math.max(1, interval)}\`, and a script that ends by itself before`,
    },
  ];
}

/** A process that is there may still answer nobody. */
function presence(script: Entry): Found[] {
  const entry = settingOf(script, 'script');
  const command = entry?.words.slice(1).join(' ') ?? '';
  if (!entry || !/\b(killall|pkill) -0|\bpidof\b|\bpgrep\b|\bps /.test(command)) return [];
  return [
    {
      line: entry.line,
      severity: 'warning',
      rule: 'process-check',
      problem: 'the check only sees whether a process is there',
      why: 'an HAProxy that hangs, or that did not get its ports, is there as well',
      instead: '`curl --fail --max-time 1` against a monitor-uri of HAProxy',
    },
  ];
}

function place(script: Entry): Found[] {
  const entry = settingOf(script, 'script');
  const path = entry?.words[1]?.split(/\s/)[0] ?? '';
  if (!entry || !/^\/(tmp|var\/tmp|home|dev\/shm)\//.test(path)) return [];
  return [
    {
      line: entry.line,
      severity: 'error',
      rule: 'writable-script',
      problem: `the script ${path} stands where others than root can write`,
      why: 'who can change it becomes root on both balancers; with enable_script_security it is not run at all',
      instead: 'a script of root, mode 0755, in /etc/keepalived',
    },
  ];
}
