import type { Found } from '../finding.js';
import { type AmqpProxy, isChecked, portOf, serverWord } from './amqp.js';
import { hasOption, type Line, linesOf, type Section } from './parse.js';

/** Whether HAProxy knows which broker serves. */
export function checkRules({ back, servers }: AmqpProxy): Found[] {
  return [
    ...unchecked(back, servers),
    ...shallow(back, servers),
    ...wrongQuestion(back),
    ...wrongPort(back, servers),
  ];
}

const realCheck =
  '`option httpchk` with `http-check connect port 15672`, a GET of /api/health/checks/port-listener/5672 (4.1 and later: ready-to-serve-clients) and `http-check expect status 200`';

function unchecked(back: Section, servers: readonly Line[]): Found[] {
  return servers
    .filter((server) => !isChecked(back, server))
    .map(({ line, words }) => ({
      line,
      severity: 'error',
      rule: 'no-check',
      problem: `server ${words[1]} is not checked`,
      why: 'a broker that is gone keeps getting its share of the connections',
      instead: 'add `check`, and say what is asked (a TCP connection alone proves little)',
    }));
}

/** A connection is accepted by the kernel, even of a process that is stopped. */
function shallow(back: Section, servers: readonly Line[]): Found[] {
  const [first] = servers.filter((server) => isChecked(back, server) && !tracks(back, server));
  if (!first || asks(back)) return [];
  return [
    {
      line: first.line,
      severity: 'error',
      rule: 'shallow-check',
      problem: 'the check only opens a TCP connection',
      why: 'the kernel accepts it for a broker that hangs (SIGSTOP, a full disk, a stuck VM): it stays UP',
      instead: realCheck,
    },
  ];
}

function asks(back: Section): boolean {
  if (hasOption(back, 'httpchk')) return true;
  const rules = [...linesOf(back, 'tcp-check'), ...(back.base ? linesOf(back.base, 'tcp-check') : [])];
  return hasOption(back, 'tcp-check') && rules.some(({ words }) => words[1] === 'expect');
}

/** What is asked: alarms block publishers, and are no reason to send everybody away. */
function wrongQuestion(back: Section): Found[] {
  const lines = [back, ...(back.base ? [back.base] : [])].flatMap((section) => [
    ...linesOf(section, 'option httpchk'),
    ...linesOf(section, 'http-check send'),
    ...linesOf(section, 'tcp-check send'),
  ]);
  return lines.flatMap(({ line, words }): Found[] => {
    const asked = words.join(' ');
    if (/health\/checks\/(local-)?alarms/.test(asked)) return [alarm(back, line)];
    if (!/aliveness-test|healthchecks\/node/.test(asked)) return [];
    return [
      {
        line,
        severity: 'error',
        rule: 'deprecated-check',
        problem: 'the check asks a deprecated question of RabbitMQ',
        why: 'it is costly (it declares queues or asks every process), and from 4.0 on it proves nothing',
        instead: realCheck,
      },
    ];
  });
}

function alarm(back: Section, line: number): Found {
  const cuts = back.lines.some(({ words }) => words.includes('shutdown-sessions'));
  return {
    line,
    severity: 'error',
    rule: 'alarm-check',
    problem: 'an alarm takes the broker out',
    why: `a memory or disk alarm blocks publishers only, and on all nodes: with this check every broker goes DOWN at once${
      cuts ? ', and shutdown-sessions cuts the very consumers that would drain the queues' : ''
    }`,
    instead: realCheck,
  };
}

function wrongPort(back: Section, servers: readonly Line[]): Found[] {
  if (!hasOption(back, 'httpchk')) return [];
  const moved = [back, ...(back.base ? [back.base] : [])].some((section) =>
    linesOf(section, 'http-check connect').some(({ words }) => words.includes('port')),
  );
  const server = servers.find(
    (one) =>
      ['5672', '5671'].includes(portOf(one.words[2]) ?? '') && serverWord(back, one, 'port') === undefined,
  );
  if (moved || !server) return [];
  return [
    {
      line: server.line,
      severity: 'error',
      rule: 'http-check-port',
      problem: 'the HTTP check is sent to the AMQP port',
      why: 'a broker answers it with an AMQP header and closes: every server is DOWN, and each probe is a line in its log',
      instead: '`http-check connect port 15672`, or `port 15672` on the server lines',
    },
  ];
}

function tracks(back: Section, server: Line): boolean {
  return serverWord(back, server, 'track') !== undefined;
}
