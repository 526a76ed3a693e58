import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { prometheusRules } from '../../src/render/prometheus-rules.js';
import { zabbixTemplate } from '../../src/render/zabbix-template.js';
import { metricsOf } from '../../src/watch/metrics.js';
import { inDocument } from '../../src/watch/metrics-text.js';
import { parseRules, readRules } from '../../src/watch/rules/read.js';
import { node, queue, snapshot } from '../watch/snapshots.js';

const full = snapshot({
  nodes: [node({ uptimeMs: 1 })],
  queues: [queue({ rates: { growth: 1, published: 1 } })],
  traffic: { connections: 1, channels: 1, consumers: 1 },
  certificates: [{ where: 'h:5671', subject: 's', expiresAt: 1 }],
  hosts: {
    cookies: new Map([['a', 'x']]),
    addresses: [{ address: '192.0.2.1', holders: ['l'], silent: [] }],
  },
});
const metrics = metricsOf(full);

interface Alerting {
  readonly alert: string;
  readonly expr: string;
}

async function alerting(rule: string): Promise<Alerting> {
  const { rules } = await parseRules(`rules: [{ ${rule} }]`, 'r.yaml');
  return parse(prometheusRules(rules)).groups[0].rules[0];
}

test('Prometheus: a rule for each, over figures that warren metrics prints', async () => {
  const { rules } = await readRules(undefined);
  const rendered: Alerting[] = parse(prometheusRules(rules)).groups[0].rules;
  expect(rendered.map(({ alert }) => alert)).toEqual(rules.map(({ name }) => name));
  const known = new Set(metrics.map(({ name }) => name));
  for (const { expr } of rendered) {
    for (const name of expr.match(/warren_\w+/g)!) expect(known, expr).toContain(name);
  }
});

test('Prometheus: levels, times, hysteresis, and patterns about a part of a name', async () => {
  const rule =
    "name: deep, when: queue_depth, queue: '^orders', vhost: v, above: 9, clear: 5, for: 2m, clear_for: 1m";
  expect(await alerting(rule)).toMatchObject({
    alert: 'deep',
    for: '120s',
    keep_firing_for: '60s',
    expr:
      '((warren_queue_messages{vhost="v",queue=~"(?:orders).*"}) > 9) or (((warren_queue_messages{vhost="v",queue=~"(?:orders).*"}) > 5) ' +
      'and ignoring(alertname, alertstate, severity) ALERTS{alertname="deep",alertstate="firing"})',
  });
  expect((await alerting('when: certificate_expires, within: 30d')).expr).toContain('< 2592000');
  expect((await alerting('when: node_down, node: server1')).expr).toBe(
    'warren_node_up{node=~".*(?:server1).*"} == 0',
  );
});

type Item = Record<string, unknown> & { key: string; preprocessing?: { parameters: string[] }[] };

test.each([true, false])('Zabbix: every item depends on one, and finds its figure (sender: %s)', (sender) => {
  const { zabbix_export } = parse(zabbixTemplate({ sender }));
  expect(zabbix_export.version).toBe('6.0');
  const [template] = zabbix_export.templates;
  const [master, ...items]: Item[] = template.items;
  expect(master).toMatchObject({
    key: 'warren.metrics',
    value_type: 'TEXT',
    ...(sender ? { type: 'TRAP' } : {}),
  });
  const document = inDocument(full, metrics) as unknown as Record<string, Record<string, number>>;
  for (const { preprocessing } of items) {
    const [, list, field] = /^\$\.(\w+)\.(\w+)$/.exec(preprocessing![0]!.parameters[0]!)!;
    expect(document[list!]).toHaveProperty(field!);
  }
  for (const rule of template.discovery_rules) {
    const [row] = document[rule.key.replace('warren.', '')] as unknown as Record<string, number>[];
    for (const { preprocessing } of rule.item_prototypes as Item[]) {
      const [, field] = /\.(\w+)\.first\(\)$/.exec(preprocessing![0]!.parameters[0]!)!;
      expect(row).toHaveProperty(field!);
    }
    for (const { path } of rule.lld_macro_paths) expect(row).toHaveProperty(path.slice(2));
  }
});

test('Zabbix: its things have the same UUIDs of version 4 each time, and each its own', () => {
  const uuids = zabbixTemplate({ sender: false }).match(/uuid: .*/g)!;
  expect(new Set(uuids).size).toBe(uuids.length);
  for (const one of uuids) expect(one).toMatch(/^uuid: '?[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}'?$/);
  expect(zabbixTemplate({ sender: true }).match(/uuid: .*/g)).toEqual(uuids);
});
