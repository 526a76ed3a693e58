import type { Found } from '../finding.js';
import type { AmqpProxy } from './amqp.js';
import { milliseconds } from './duration.js';
import { hasOption, type Section, setting } from './parse.js';

/** RabbitMQ's heartbeat unless it is told another, in milliseconds. */
const heartbeat = 60_000;
const hour = 3_600_000;

/** Whether connections outlive their silence. */
export function timeoutRules({ front, back }: AmqpProxy): Found[] {
  return [
    ...timeout(front, 'client'),
    ...timeout(back, 'server'),
    ...keepalive(front, 'clitcpka', 'client'),
    ...keepalive(back, 'srvtcpka', 'broker'),
  ];
}

function timeout(section: Section, side: 'client' | 'server'): Found[] {
  const found = setting(section, `timeout ${side}`);
  const value = found?.words[2];
  const ms = milliseconds(value);
  const instead = `\`timeout ${side} 3h\``;
  if (!found) {
    return [
      {
        line: section.line,
        severity: 'warning',
        rule: 'no-timeout',
        problem: `${section.name || section.kind} has no timeout ${side}`,
        why: 'a connection whose peer is gone without a word stays for ever',
        instead,
      },
    ];
  }
  if (ms === undefined || ms >= hour) return [];
  const [short, unit] = [ms < 3 * heartbeat, /^\d+$/.test(value ?? '')];
  const how = unit ? `${value} ms (a number without a unit is milliseconds)` : value;
  return [
    {
      line: found.line,
      severity: short ? 'error' : 'warning',
      rule: 'timeout-against-heartbeat',
      problem: `timeout ${side} is ${how}: an AMQP connection that says nothing for so long is cut`,
      why: `heartbeats of 60 s come every 30 s and race with it, and a client without heartbeats is cut as soon as it is idle${keepaliveNote(section, side)}`,
      instead,
    },
  ];
}

function keepaliveNote(section: Section, side: string): string {
  const option = side === 'client' ? 'clitcpka' : 'srvtcpka';
  return hasOption(section, option) || hasOption(section, 'tcpka')
    ? `; option ${option} does not prevent that`
    : '';
}

function keepalive(section: Section, option: string, peer: string): Found[] {
  if (hasOption(section, option) || hasOption(section, 'tcpka')) return [];
  return [
    {
      line: section.line,
      severity: 'warning',
      rule: 'no-keepalive',
      problem: `${section.name || section.kind} has no option ${option}`,
      why: `a ${peer} that lost its power is not noticed until the timeout, which must be long`,
      instead: `\`option ${option}\` (and ${option}-idle 10s, ${option}-intvl 5s, ${option}-cnt 3)`,
    },
  ];
}
