/**
 * What rabbitmq.conf says about the two web servers, on a node of each engine: the API below a path and without
 * statistics, metrics at a path of their own, by object and by TLS. And definitions as a browser's form sends them.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import https from 'node:https';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { shape, sorted } from '../broker/management/transcript.js';
import { certificateFile, keyFile } from '../engines/certificates.js';
import { engines } from '../engines/engine.js';
import { EngineNode } from '../engines/node.js';
import { freePorts, type Ports } from '../engines/ports.js';
import { alike, until } from '../engines/until.js';
import { type Answer, type Asked, request } from './management/request.js';
import { exposed } from './prometheus/exposed.js';

const twins = inject('twins');
const guest = { user: 'guest', password: 'guest' };
const encoded = Buffer.from('guest:guest').toString('base64');

describe.skipIf(!twins)('settings of the web servers', () => {
  let nodes: EngineNode[] = [];
  /** Those whose `management.rates_mode` is none. */
  let rateless: EngineNode[] = [];
  let home: string;
  const both = <T>(ask: (node: EngineNode) => Promise<T>, of = nodes) => Promise.all(of.map(ask));

  beforeAll(async () => {
    home = await mkdtemp(path.join(os.tmpdir(), 'warren-settings-'));
    const pair = async (title: string, lines: (ports: Ports) => string[]) => {
      const made = engines.map(async (engine) => {
        const ports = await freePorts();
        return new EngineNode({
          engine,
          shortName: `${title}-${engine.name}-${process.pid}`,
          ports,
          home,
          configuration: lines(ports),
          plugins: ['rabbitmq_management', 'rabbitmq_prometheus'],
        });
      });
      return Promise.all(made);
    };
    nodes = await pair('settings', ({ amqps }) => configuration(twins!.certificates, amqps));
    rateless = await pair('rateless', () => ['management.rates_mode = none']);
    await both((node) => node.start(), [...nodes, ...rateless]);
    const filled = [await both(fill('/broker')), await both(fill(''), rateless)];
    expect(filled.flat(2)).toEqual([201, 200, 201, 200, 201, 200, 201, 200]);
  });

  /** A queue with a message in it. */
  const fill = (prefix: string) => async (node: EngineNode) => {
    const put = await ask(node, { method: 'PUT', path: `${prefix}/api/queues/%2F/q`, body: '{}' });
    const body = JSON.stringify({
      properties: {},
      routing_key: 'q',
      payload: 'x',
      payload_encoding: 'string',
    });
    const to = `${prefix}/api/exchanges/%2F/amq.default/publish`;
    return [put.status, (await ask(node, { method: 'POST', path: to, body })).status];
  };

  afterAll(async () => {
    await both((node) => node.stop(), [...nodes, ...rateless]);
    await rm(home, { recursive: true, force: true });
  });

  it('below management.path_prefix, and nowhere else', async () => {
    const addresses = [
      '/',
      '/broker/',
      '/broker/api',
      '/broker/api/',
      '/broker/api/index.html',
      '/broker/cli',
    ];
    const more = [
      '/broker/stats',
      '/broker/doc/stats.html',
      '/broker/nosuch',
      '/brokerx',
      '/api/overview',
      '/mgmt',
    ];
    for (const address of [...addresses, ...more]) {
      const [mine, real] = await both(async (node) => {
        const { status, headers } = await ask(node, { path: address });
        return { status, location: headers.location };
      });
      expect({ address, ...mine }).toEqual({ address, ...real });
    }
  });

  it('without statistics, as management_agent.disable_metrics_collector leaves it', async () => {
    const named = (node: EngineNode) => encodeURIComponent(node.name);
    const lists = [
      'overview',
      'queues',
      'queues/%2F',
      'queues/%2F/q',
      'nodes',
      'exchanges',
      'vhosts',
      'vhosts/%2F',
    ];
    const others = [
      'exchanges/%2F/amq.direct',
      'connections',
      'channels',
      'consumers',
      'queues?page=1&page_size=1',
    ];
    const asked = [
      'queues?disable_stats=false',
      'queues/%2F/q?enable_queue_totals=false',
      'whoami',
      'bindings',
    ];
    for (const each of [
      ...lists,
      ...others,
      ...asked,
      'nodes/NODE',
      'nodes/NODE/memory',
      'channels/nosuch',
    ]) {
      const [mine, real] = await both((node) =>
        ask(node, { path: `/broker/api/${each.replace('NODE', named(node))}` }).then(outline(node.name)),
      );
      // Where RabbitMQ's handler crashes there is nothing to compare.
      const expected = real!.status === 500 ? mine! : real!;
      expect({ each, ...mine }).toEqual({ each, ...expected });
    }
    const [mine, real] = await both(async (node) => {
      const { body } = await ask(node, { path: '/broker/api/overview' });
      const { disable_stats, enable_queue_totals } = JSON.parse(body);
      return { disable_stats, enable_queue_totals };
    });
    expect(mine).toEqual(real);
  });

  it('metrics at prometheus.path by object, plain and over TLS', async () => {
    for (const where of ['/numbers', '/numbers/', '/numbers/per-object', '/metrics', '/', '/numbersx']) {
      const [mine, real] = await both(async (node) => {
        const plain = await fetch(`http://127.0.0.1:${node.specification.ports.metrics}${where}`);
        const text = await plain.text();
        const ca = await readFile(certificateFile(twins!.certificates, 'ca'));
        const secure = await overTls(node.specification.ports.amqps, where, ca);
        const queues = (of: string) =>
          exposed(of).labels.filter(([name]) => name === 'rabbitmq_queue_messages_ready');
        return {
          status: plain.status,
          queues: queues(text),
          secure: { ...secure, body: queues(secure.body) },
        };
      });
      expect({ where, ...mine }).toEqual({ where, ...real });
      if (where === '/numbers')
        expect(mine!.queues).toEqual([['rabbitmq_queue_messages_ready', 'vhost,queue']]);
    }
  });

  it('without rates, as management.rates_mode = none leaves it', async () => {
    await both(async (node) => {
      await until('statistics are collected', async () => {
        const { body } = await ask(node, { path: '/api/overview' });
        const { queue_totals: totals, contexts } = JSON.parse(body);
        return totals.messages === 1 && contexts.length === 2;
      });
    }, rateless);
    const routes = ['overview', 'queues', 'queues/%2F/q', 'exchanges', 'vhosts', 'nodes', 'channels'];
    for (const each of [...routes, 'queues?page=1&sort=message_stats.publish', 'exchanges/%2F/amq.default']) {
      const [mine, real] = await alike(
        rateless.map((node) => () => ask(node, { path: `/api/${each}` }).then(outline(node.name))),
      );
      expect({ each, ...mine }).toEqual({ each, ...real });
      expect(mine!.body).not.toContain('publish');
    }
    const [mine, real] = await both(async (node) => {
      const { body } = await ask(node, { path: '/api/overview?columns=rates_mode' });
      return JSON.parse(body);
    }, rateless);
    expect([mine, real]).toEqual([{ rates_mode: 'none' }, { rates_mode: 'none' }]);
  });

  it.each(forms())('definitions as a form: $title', async ({ asked }) => {
    const [mine, real] = await both(async (node) => {
      const { status, headers, body } = await ask(node, asked);
      const { location, 'content-disposition': kept } = headers;
      return { status, location, kept, body: status >= 400 ? body : '' };
    });
    expect(mine).toEqual(real);
  });
});

const configuration = (certificates: string, metricsTls: number) => [
  'management.path_prefix = /broker',
  'management_agent.disable_metrics_collector = true',
  'management.enable_queue_totals = true',
  'prometheus.path = /numbers',
  'prometheus.return_per_object_metrics = true',
  `prometheus.ssl.port = ${metricsTls}`,
  'prometheus.ssl.ip = 127.0.0.1',
  `prometheus.ssl.cacertfile = ${certificateFile(certificates, 'ca')}`,
  `prometheus.ssl.certfile = ${certificateFile(certificates, 'server')}`,
  `prometheus.ssl.keyfile = ${keyFile(certificates, 'server')}`,
];

const ask = (node: EngineNode, asked: Partial<Asked>): Promise<Answer> =>
  request(node.specification.ports.management, { method: 'GET', path: '/', who: guest, ...asked });

const outline = (node: string) => (answer: Answer) => {
  const { status, body } = answer;
  const value: unknown = body === '' ? '' : JSON.parse(body.replaceAll(node, 'NODE'));
  return { status, body: status >= 400 ? sorted(value) : shape(value) };
};

function overTls(port: number, where: string, ca: Buffer): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = https.get({ port, host: '127.0.0.1', path: where, ca, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }),
      );
    });
    outgoing.on('error', reject);
  });
}

/** What RabbitMQ's page sends, and what somebody may make of it. */
function forms(): { title: string; asked: Partial<Asked> }[] {
  const good = { name: 'file', text: JSON.stringify({ vhosts: [{ name: 'imported' }] }) };
  const bad = { name: 'file', text: '{"vhosts":' };
  const redirect = { name: 'redirect', text: '../#/import-succeeded' };
  const post = (parts: { name: string; text: string }[], where = '', who: Asked['who'] = guest) => ({
    method: 'POST',
    path: `/broker/api/definitions${where}`,
    who,
    headers: { 'content-type': 'multipart/form-data; boundary=part' },
    body: formOf(parts),
  });
  const get = (where: string, who: Asked['who'] = guest) => ({
    path: `/broker/api/definitions${where}`,
    who,
  });
  return [
    { title: 'a file', asked: post([good]) },
    { title: 'a file, and where to go then', asked: post([good, redirect]) },
    { title: 'a file that is no JSON, and where to go then', asked: post([bad, redirect]) },
    { title: 'no file', asked: post([redirect]) },
    { title: 'for a virtual host', asked: post([good], '/%2F') },
    { title: 'for one that is not there', asked: post([good], '/nosuch') },
    { title: 'credentials in the query', asked: post([good], `?auth=${encoded}`, null) },
    { title: 'wrong ones in the query', asked: post([good], `?auth=${btoa('nobody:x')}`, null) },
    { title: 'none', asked: post([good], '', null) },
    { title: 'no form at all', asked: { ...post([good]), body: 'x' } },
    {
      title: 'a form without a boundary',
      asked: { ...post([good]), headers: { 'content-type': 'multipart/form-data' } },
    },
    { title: 'plain text', asked: { ...post([good]), headers: { 'content-type': 'text/plain' } } },
    { title: 'exported by a link', asked: get(`?auth=${encoded}&download=all.json`, null) },
    { title: 'exported to a file', asked: get('?download=all.json') },
    { title: 'of a virtual host to a file', asked: get('/%2F?download=a%22b%0D%0Ac.json') },
  ];
}

function formOf(parts: { name: string; text: string }[]): string {
  const written = parts.map(
    ({ name, text }) =>
      `--part\r\nContent-Disposition: form-data; name="${name}"; filename="f"\r\n` +
      `Content-Type: application/octet-stream\r\n\r\n${text}\r\n`,
  );
  return `${written.join('')}--part--\r\n`;
}
