import { expect, test } from 'vitest';
import { metricsOf } from '../../src/watch/metrics.js';
import { inDocument, prometheusText, zabbixLine } from '../../src/watch/metrics-text.js';
import { node, queue, snapshot } from './snapshots.js';

const seen = snapshot({
  cluster: 'c',
  nodes: [node({ name: 'a' }), node({ name: 'b', up: false, memory: undefined })],
  queues: [
    queue({ name: 'a"b\\c\nd', messages: 3 }),
    queue({ name: 'down', messages: undefined, state: 'down' }),
  ],
});

test('Prometheus: what is unknown has no figure, and labels are escaped', () => {
  const lines = prometheusText(seen, metricsOf(seen)).split('\n');
  expect(lines).toContain('warren_up{cluster="c"} 1');
  expect(lines).toContain('warren_node_up{cluster="c",node="b"} 0');
  expect(lines.filter((line) => line.startsWith('warren_node_memory_used_bytes{'))).toHaveLength(1);
  expect(lines).toContain(
    'warren_queue_messages{cluster="c",vhost="/",queue="a\\"b\\\\c\\nd",type="classic"} 3',
  );
  expect(lines).toContain('warren_queue_down{cluster="c",vhost="/",queue="down",type="classic"} 1');
  expect(lines.filter((line) => /^warren_virtual/.test(line))).toEqual([]);
});

test('Prometheus: a cluster that tells nothing is down, and a comment says why', () => {
  const dark = snapshot({ cluster: 'c', nodes: [], queues: undefined, blind: 'no answer\nin 10 s' });
  const lines = prometheusText(dark, metricsOf(dark)).split('\n');
  expect(lines).toContain('warren_up{cluster="c"} 0');
  expect(lines.at(-2)).toBe('# It cannot be told: no answer in 10 s');
});

test('Zabbix: one line, whose value is the document again once its quotes are taken away', () => {
  const document = inDocument(seen, metricsOf(seen));
  expect(document.nodes[1]).toMatchObject({ node: 'b', up: 0 });
  expect(document.queues[0]).toMatchObject({ queue: 'a"b\\c\nd', messages: 3, consumers: 1 });
  const line = zabbixLine('my host', document);
  const [, host, quoted] = /^"(.*?)" warren\.metrics "(.*)"\n$/.exec(line)!;
  expect(host).toBe('my host');
  expect(JSON.parse(quoted!.replace(/\\(.)/g, '$1'))).toEqual(document);
});
