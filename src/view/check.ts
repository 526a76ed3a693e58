import { table } from './table.js';

interface Finding {
  readonly host: string;
  readonly problem: string;
  readonly next: string;
  readonly weight: string;
}

interface CheckRows {
  readonly cluster: string;
  readonly hosts: readonly {
    readonly host: string;
    readonly address: string;
    readonly roles: readonly string[];
    readonly os?: string | undefined;
    readonly rabbitmq?: string | undefined;
    readonly node?: string | undefined;
  }[];
  readonly findings: readonly Finding[];
  readonly ok: boolean;
}

/** The hosts, then what stands in the way, then what is only worth knowing. */
export function checkText({ cluster, hosts, findings, ok }: CheckRows): string {
  const rows = hosts.map(({ host, address, roles, os, rabbitmq, node }) => [
    host,
    address,
    roles.join(', '),
    os ?? null,
    rabbitmq ?? null,
    node ?? null,
  ]);
  const stopping = findings.filter(({ weight }) => weight === 'stops');
  const notes = findings.filter(({ weight }) => weight !== 'stops');
  return [
    `Cluster ${cluster}`,
    table(['HOST', 'ADDRESS', 'ROLE', 'SYSTEM', 'RABBITMQ', 'NODE'], rows),
    ...(stopping.length > 0 ? ['', 'In the way of an apply:', ...stopping.map(findingText)] : []),
    ...(notes.length > 0 ? ['', 'To know:', ...notes.map(findingText)] : []),
    ...(ok ? ['', 'Nothing stands in the way: warren plan, warren apply.'] : []),
  ].join('\n');
}

export function findingText({ host, problem, next }: Pick<Finding, 'host' | 'problem' | 'next'>): string {
  return `  ${host}: ${problem}\n    next: ${next}`;
}
