import { brokerSettings } from '../../../render/broker-settings.js';
import { brokerOf, versionOf } from '../context.js';
import { installed } from '../node-state.js';
import { note, type Rule, stops } from './rule.js';

/** The machine itself: who we are on it, what it runs, what room it has. */
export const machineRules: readonly Rule[] = [root, system, disk, diskAlarm, clock, memory];

function root({ facts, host }: Parameters<Rule>[0]) {
  if (facts.root) return [];
  const problem = `commands run there as an ordinary user, not as root (user ${host.ssh.user})`;
  return [stops('NOT_ROOT', problem, 'set sudo: true under ssh: in the cluster file, or user: root')];
}

const known = ['debian', 'ubuntu', 'rhel', 'centos', 'rocky', 'almalinux', 'fedora'];

function system({ facts }: Parameters<Rule>[0]) {
  const { os } = facts;
  if (!os || ![os.id, ...os.like].some((id) => known.includes(id))) {
    const what = os ? os.name || os.id : 'no /etc/os-release';
    const problem = `its operating system is not one that warren can install on: ${what}`;
    return [stops('UNKNOWN_OS', problem, 'use Debian, Ubuntu, or a system of RHEL’s kind')];
  }
  if (facts.systemd) return [];
  return [stops('NO_SYSTEMD', 'systemd does not run there', 'use a host that was booted with systemd')];
}

const mebibyte = 1024 * 1024;

function disk({ facts, host }: Parameters<Rule>[0]) {
  const isBroker = host.roles.includes('broker');
  const wanted = (installed(facts) || !isBroker ? 200 : 600) * mebibyte;
  if (facts.diskFreeBytes >= wanted) return [];
  const problem = `/var/lib has ${inMebibytes(facts.diskFreeBytes)} free, and ${inMebibytes(wanted)} are needed`;
  return [
    stops(
      'DISK_FULL',
      problem,
      `ssh ${host.address} du -xh -d 2 /var | sort -h | tail, to see what fills it`,
    ),
  ];
}

/** With less room than its limit, a node blocks the publishers of the whole cluster as soon as it runs. */
function diskAlarm({ facts, host, context }: Parameters<Rule>[0]) {
  if (!host.roles.includes('broker')) return [];
  const settings = brokerSettings(context.file, brokerOf(context, host).node, versionOf(context));
  const limit = settings
    .flatMap((section) => section.settings)
    .find(({ key }) => key.startsWith('disk_free_limit.'));
  const bytes = limit?.key.endsWith('.relative')
    ? Number(limit.value) * facts.memoryBytes
    : bytesIn(limit?.value ?? '');
  if (!(facts.diskFreeBytes < bytes) || disk({ facts, host, context }).length > 0) return [];
  const problem = `/var/lib has ${inMebibytes(facts.diskFreeBytes)} free: below ${inMebibytes(bytes)} (${limit!.key} = ${limit!.value}) RabbitMQ blocks every publisher of the cluster`;
  const next = 'free some, or write disk_free_limit.absolute: 200MB, say, under config: of rabbitmq:';
  return [stops('DISK_ALARM', problem, next)];
}

/** As RabbitMQ reads it: `50MB`, `1GiB` (or `1G`), or a number of bytes. */
function bytesIn(text: string): number {
  const [, number, unit = ''] = /^(\d+)((?:[kKMG](?:i?B)?)?)$/.exec(text) ?? [];
  const base = unit.length === 2 ? 1_000 : 1_024;
  return Number(number) * base ** Math.max(0, 'bkMG'.indexOf(unit.charAt(0).replace('K', 'k') || 'b'));
}

function memory({ facts, host }: Parameters<Rule>[0]) {
  if (!host.roles.includes('broker') || facts.memoryBytes >= 512 * mebibyte) return [];
  const problem = `it has ${inMebibytes(facts.memoryBytes)} of memory; RabbitMQ blocks publishers at 40 % of it`;
  return [note('LITTLE_MEMORY', problem, 'give the host at least 1 GiB')];
}

/** Apart by more than this, logs cannot be compared and certificates and tokens are judged differently. */
const tolerableMs = 5_000;

function clock({ facts, context }: Parameters<Rule>[0]) {
  const all = [...context.facts.values()].map(({ clockAheadMs }) => clockAheadMs).sort((a, b) => a - b);
  const middle = all[Math.floor((all.length - 1) / 2)]!;
  const apart = facts.clockAheadMs - middle;
  if (all.length < 2 || Math.abs(apart) <= tolerableMs) return [];
  const seconds = Math.round(Math.abs(apart) / 1_000);
  const problem = `its clock is ${seconds} s ${apart > 0 ? 'ahead of' : 'behind'} the other hosts'`;
  return [stops('CLOCK_APART', problem, 'timedatectl set-ntp true, on that host')];
}

function inMebibytes(bytes: number): string {
  return `${Math.floor(bytes / mebibyte)} MiB`;
}
