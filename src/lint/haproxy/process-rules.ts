import type { Found, Machine } from '../finding.js';
import { after, type Line, linesOf, type Section } from './parse.js';

/** What is wrong with the process itself: words that are gone, its user, its folder, its socket. */
export function processRules(sections: readonly Section[], machine?: Machine): Found[] {
  const globals = sections.filter(({ kind }) => kind === 'global');
  return [
    ...sections.flatMap((section) => section.lines.flatMap(gone)),
    ...globals.flatMap((section) => [
      ...numericUser(section),
      ...chroot(section, machine),
      ...pidfile(section),
      ...socket(section),
    ]),
  ];
}

/** Words that HAProxy refuses today, since when, and what took their place. */
const removed: Record<string, readonly [since: string, instead: string]> = {
  nbproc: [
    '2.5',
    'leave it out (one process has as many threads as there are cores; nbthread N changes that)',
  ],
  'bind-process': ['2.7', 'leave it out, or write `bind … thread 1/1-2`'],
  'mode health': ['2.1', 'a `frontend` in mode http with `monitor-uri /health`'],
  'monitor-net': ['2.5', '`http-request return status 200 if { src ADDRESS }`'],
  contimeout: ['2.1', '`timeout connect 5s`'],
  clitimeout: ['2.1', '`timeout client 3h`'],
  srvtimeout: ['2.1', '`timeout server 3h`'],
  redispatch: ['2.1', '`option redispatch`'],
  block: ['2.1', '`http-request deny`'],
};

function gone({ line, words }: Line): Found[] {
  const word = [words[0]!, words.slice(0, 2).join(' ')].find((some) => Object.hasOwn(removed, some));
  if (word === undefined) return [];
  const [since, instead] = removed[word]!;
  return [
    {
      line,
      severity: 'error',
      rule: 'removed-keyword',
      problem: `'${word}' is no longer known`,
      why: `HAProxy ${since} and later end with an error where they find it`,
      instead,
    },
  ];
}

function numericUser(section: Section): Found[] {
  const [first] = [...linesOf(section, 'uid'), ...linesOf(section, 'gid')];
  if (!first) return [];
  return [
    {
      line: first.line,
      severity: 'warning',
      rule: 'numeric-user',
      problem: `HAProxy runs as ${first.words[0]} ${first.words[1]}, whoever that is on this host`,
      why: 'a number is not the user that the package made, and may be one that other services run as',
      instead: '`user haproxy` and `group haproxy`',
    },
  ];
}

function chroot(section: Section, machine: Machine | undefined): Found[] {
  return linesOf(section, 'chroot').flatMap(({ line, words }): Found[] => {
    const folder = words[1] ?? '';
    if (folder === '/var/lib/haproxy' && !machine?.missing(folder)) return [];
    return [
      {
        line,
        severity: machine?.missing(folder) ? 'error' : 'warning',
        rule: 'chroot',
        problem: `chroot to ${folder}${machine?.missing(folder) ? ', which is not there' : ''}`,
        why: 'HAProxy does not start where the folder is missing; one with programs or configuration in it protects nothing',
        instead: '`chroot /var/lib/haproxy`, the empty folder that the package makes',
      },
    ];
  });
}

function pidfile(section: Section): Found[] {
  return linesOf(section, 'pidfile')
    .filter(({ words }) => !words[1]?.startsWith('/'))
    .map(({ line, words }) => ({
      line,
      severity: 'warning',
      rule: 'relative-pidfile',
      problem: `the pidfile ${words[1]} is relative`,
      why: 'it is written wherever HAProxy was started, or nowhere',
      instead: 'leave it out (systemd knows the process), or `pidfile /run/haproxy.pid`',
    }));
}

function socket(section: Section): Found[] {
  const sockets = linesOf(section, 'stats socket');
  const open = sockets.filter((one) => /[2367]$/.test(after(one, 'mode') ?? ''));
  const found: Found[] = open.map(({ line }) => ({
    line,
    severity: 'error',
    rule: 'open-socket',
    problem: 'everybody on this host may write to the stats socket',
    why: 'who writes to it can take servers out, and with `level admin` do everything',
    instead: '`mode 660`, with `user` and `group` as needed',
  }));
  if (sockets.some(({ words }) => words.includes('expose-fd'))) return found;
  return [
    ...found,
    {
      line: sockets[0]?.line ?? section.line,
      severity: 'warning',
      rule: 'reload-drops',
      problem:
        sockets.length > 0 ? 'the stats socket does not expose the listeners' : 'there is no stats socket',
      why: 'a reload closes the listening sockets for a moment, and no server can be drained at run time',
      instead: '`stats socket /run/haproxy/admin.sock mode 660 level admin expose-fd listeners`',
    },
  ];
}
