import { WarrenError } from '../../../errors/warren-error.js';
import type { Phase } from '../../phase.js';
import type { Finding, HostsContext } from '../context.js';
import { brokerRules } from './broker.js';
import { machineRules } from './machine.js';
import { networkRules } from './network.js';
import { reachFindings } from './reach.js';
import { tlsFindings } from './tls.js';
import { versionRules } from './versions.js';

const rules = [...machineRules, ...networkRules, ...versionRules, ...brokerRules];

/**
 * Goes through everything that an expert looks at before the first change, on
 * all hosts, and tells all that it finds: whoever has to put a host right wants
 * to do it once. What only a host outside of the limit suffers from is a note.
 */
export const preflight: Phase<HostsContext> = {
  title: 'Check the hosts',
  async run(context) {
    const [reach, tls] = await Promise.all([reachFindings(context, this.title), tlsFindings(context)]);
    for (const host of context.hosts) {
      const facts = context.facts.get(host.name);
      if (!facts) continue;
      const found = [
        ...rules.flatMap((rule) => rule({ context, host, facts })),
        ...(reach.get(host.name) ?? []),
        ...(tls.get(host.name) ?? []),
      ];
      for (const one of found) {
        const weight = context.limit.has(host.name) ? one.weight : 'note';
        context.findings.push({ ...one, host: host.name, weight });
      }
    }
  },
};

/** Stops an operation that would change something while a finding stands that forbids it. */
export const stopOnFindings: Phase<HostsContext> = {
  title: 'See that nothing stands in the way',
  async run(context) {
    const stopping = context.findings.filter(({ weight }) => weight === 'stops');
    if (stopping.length === 0) return;
    const hosts = [...new Set(stopping.map(({ host }) => host))];
    const facts = { count: stopping.length, hosts, file: context.file.file };
    throw WarrenError.of('PREFLIGHT', facts, { why: stopping.map(sentence).join('\n') });
  },
};

function sentence({ host, problem, next }: Finding): string {
  return `${host}: ${problem}\n  next: ${next}`;
}
