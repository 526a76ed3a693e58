import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigError } from '../../../src/broker/config/config-error.js';
import { loadConfig } from '../../../src/broker/config/load-config.js';

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'config-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const load = (env: Record<string, string> = {}) => loadConfig({ HOME: home, ...env }, 'server1.example.com');

function loadFile(text: string, env: Record<string, string> = {}) {
  writeFileSync(join(home, 'rabbitmq.conf'), text);
  return load({ RABBITMQ_CONFIG_FILE: join(home, 'rabbitmq.conf'), ...env });
}

describe('without a file', () => {
  it("has RabbitMQ's defaults, in the user's own state directory", () => {
    expect(load()).toMatchObject({
      nodeName: 'rabbit@server1',
      amqp: { listeners: [{ address: '127.0.0.1', port: 5672 }], ssl: [] },
      management: { listeners: [{ address: '127.0.0.1', port: 15672 }] },
      distribution: { address: '127.0.0.1', port: 25672 },
      directories: { mnesia: join(home, '.local/state/warren/rabbitmq/mnesia/rabbit@server1') },
      defaultUser: {
        name: 'guest',
        password: 'guest',
        tags: ['administrator'],
        permissions: ['.*', '.*', '.*'],
      },
      loopbackUsers: ['guest'],
      heartbeat: 60,
      frameMax: 131072,
      channelMax: 2047,
      memoryHighWatermark: { relative: 0.4 },
      diskFreeLimit: { bytes: 50_000_000 },
      partitionHandling: 'ignore',
      peers: [],
      configFile: null,
      notices: [],
    });
  });

  it('takes names, ports and places from the environment', () => {
    const config = load({
      RABBITMQ_NODENAME: 'hare@burrow',
      RABBITMQ_NODE_PORT: '22001',
      RABBITMQ_NODE_IP_ADDRESS: '127.0.0.2',
      RABBITMQ_MNESIA_BASE: '/data',
      RABBITMQ_LOG_BASE: '/logs',
      RABBITMQ_PID_FILE: '/run/hare.pid',
      RABBITMQ_ENABLED_PLUGINS_FILE: '/etc/plugins',
    });
    expect(config).toMatchObject({
      nodeName: 'hare@burrow',
      amqp: { listeners: [{ address: '127.0.0.2', port: 22001 }] },
      distribution: { port: 42001 },
      directories: { mnesia: '/data/hare@burrow', logs: '/logs' },
      log: { file: '/logs/hare@burrow.log', console: false },
      pidFile: '/run/hare.pid',
      enabledPluginsFile: '/etc/plugins',
    });
    expect(load({ RABBITMQ_DIST_PORT: '22900' }).distribution.port).toBe(22900);
    expect(load({ RABBITMQ_MNESIA_DIR: '/own' }).directories.mnesia).toBe('/own');
    expect(load({ RABBITMQ_USE_LONGNAME: 'true' }).nodeName).toBe('rabbit@server1.example.com');
    expect(load({ RABBITMQ_LOGS: '-' }).log).toEqual({ console: true, file: null, level: 'info' });
  });

  it('refuses a port or a node name that cannot be one, naming the variable', () => {
    expect(() => load({ RABBITMQ_NODE_PORT: '70000' })).toThrow(/^RABBITMQ_NODE_PORT: 70000 is not between/);
    expect(() => load({ RABBITMQ_NODENAME: 'a b' })).toThrow(/^RABBITMQ_NODENAME: "a b@server1" is not/);
    expect(() => load({ RABBITMQ_NODENAME: 'a@b.c' })).toThrow(/RABBITMQ_USE_LONGNAME=true or use a@b$/);
  });

  it('listens on loopback only, and says so', () => {
    const config = load({ RABBITMQ_NODE_IP_ADDRESS: '0.0.0.0' });
    expect(config.amqp.listeners).toEqual([{ address: '127.0.0.1', port: 5672 }]);
    expect(config.notices).toEqual([expect.stringContaining('asked to listen on 0.0.0.0')]);
  });

  it('reads RABBITMQ_CONF_ENV_FILE as a shell file, under the environment', () => {
    const file = join(home, 'rabbitmq-env.conf');
    writeFileSync(file, 'NODENAME=hare\nRABBITMQ_DIST_PORT=$((22000 + 7))\nNODE_PORT=1\n');
    const config = load({ RABBITMQ_CONF_ENV_FILE: file, RABBITMQ_NODE_PORT: '22001' });
    expect(config.nodeName).toBe('hare@server1');
    expect(config.distribution.port).toBe(22007);
    expect(config.amqp.listeners[0]!.port).toBe(22001);
  });
});

describe('rabbitmq.conf', () => {
  it('sets what it names', () => {
    const config = loadFile(`
# a comment
listeners.tcp.1 = 22001
listeners.tcp.2 = ::1:22002   # another
management.tcp.port = 22101
default_user = alice
default_pass = 'se#cret '
default_vhost = app
default_user_tags.management = true
default_permissions.read = ^a
loopback_users.guest = false
heartbeat = 10
frame_max = 8192
channel_max = 0
handshake_timeout = 500
vm_memory_high_watermark.absolute = 2GiB
disk_free_limit.relative = 1.5
cluster_name = wonder
cluster_partition_handling = pause_minority
cluster_formation.peer_discovery_backend = classic_config
cluster_formation.classic_config.nodes.1 = rabbit@a
cluster_formation.classic_config.nodes.2 = rabbit@b
queue_master_locator = min-masters
load_definitions = /etc/definitions.json
log.file.level = debug
net_ticktime = 60
`);
    expect(config).toMatchObject({
      amqp: {
        listeners: [
          { address: '127.0.0.1', port: 22001 },
          { address: '::1', port: 22002 },
        ],
      },
      management: { listeners: [{ port: 22101 }] },
      defaultUser: {
        name: 'alice',
        password: 'se#cret ',
        tags: ['management'],
        permissions: ['.*', '.*', '^a'],
      },
      defaultVhost: 'app',
      loopbackUsers: [],
      heartbeat: 10,
      frameMax: 8192,
      channelMax: 0,
      handshakeTimeout: 500,
      memoryHighWatermark: { bytes: 2 * 1024 ** 3 },
      diskFreeLimit: { relative: 1.5 },
      clusterName: 'wonder',
      partitionHandling: 'pause_minority',
      peers: ['rabbit@a', 'rabbit@b'],
      queueMasterLocator: 'min-masters',
      loadDefinitions: '/etc/definitions.json',
      log: { level: 'debug' },
      configFile: join(home, 'rabbitmq.conf'),
    });
  });

  it('is found with and without its ending; a file that is not there is noticed', () => {
    writeFileSync(join(home, 'own.conf'), 'heartbeat = 7\n');
    expect(load({ RABBITMQ_CONFIG_FILE: join(home, 'own') })).toMatchObject({
      heartbeat: 7,
      configFile: join(home, 'own.conf'),
    });
    expect(load({ RABBITMQ_CONFIG_FILE: '/nowhere' }).notices).toEqual([expect.stringContaining('/nowhere')]);
    expect(() => load({ RABBITMQ_CONFIG_FILE: '/x/rabbitmq.config' })).toThrow(/classic/);
  });

  it('keeps its listeners when the environment has a port, as RabbitMQ does', () => {
    const config = loadFile('listeners.tcp.default = 22001\n', { RABBITMQ_NODE_PORT: '22055' });
    expect(config.amqp.listeners).toEqual([{ address: '127.0.0.1', port: 22001 }]);
    expect(loadFile('listeners.tcp = none\n').amqp.listeners).toEqual([]);
  });

  it.each([
    [
      '\n\nlisteners.tpc.1 = 5',
      'conf:3: there is no setting named listeners.tpc.1; did you mean listeners.tcp.1?',
    ],
    ['hartbeat = 10', 'conf:1: there is no setting named hartbeat; did you mean heartbeat?'],
    ['utter.nonsense.here = 1', 'conf:1: there is no setting named utter.nonsense.here'],
    ['heartbeat = often', 'conf:1: heartbeat: "often" is not a whole number'],
    ['heartbeat =', 'conf:1: heartbeat has no value'],
    ['just words', 'conf:1: "just words" is not of the form "key = value"'],
    ["default_pass = 'open", 'conf:1: the quote that begins the value of default_pass is not closed'],
    ['frame_max = 100', 'conf:1: frame_max: 100 is below 4096, the least that AMQP 0-9-1 allows'],
    ['listeners.tcp.1 = nowhere', 'conf:1: listeners.tcp.1: "nowhere" is not a port, nor address:port'],
    ['disk_free_limit.absolute = much', 'conf:1: disk_free_limit.absolute: "much" is not a size'],
    ['cluster_partition_handling = hope', 'conf:1: cluster_partition_handling: "hope" is none of ignore'],
    ['reverse_dns_lookups = maybe', 'conf:1: reverse_dns_lookups: "maybe" is neither true nor false'],
    ['listeners.ssl.1 = 5671', 'conf: listeners.ssl: needs ssl_options.certfile and ssl_options.keyfile'],
    [
      'ssl_options.crl_check = peer',
      'conf:1: ssl_options.crl_check: the bundled broker does not look up revoked certificates',
    ],
    ['ssl_options.depth = -1', 'conf:1: ssl_options.depth: -1 is not between 0 and 255'],
    ['ssl_options.keyfile = /nowhere', 'conf:1: ssl_options.keyfile: /nowhere does not exist'],
  ])('refuses %j', (text, message) => {
    expect(() => loadFile(text)).toThrow(ConfigError);
    expect(() => loadFile(text)).toThrow(message);
  });

  it.each([
    ['512MB', 512_000_000],
    ['1k', 1024],
    ['2MiB', 2 * 1024 ** 2],
    ['123', 123],
  ])('reads the size %s', (size, expected) => {
    expect(loadFile(`disk_free_limit.absolute = ${size}`).diskFreeLimit).toEqual({ bytes: expected });
  });
});

describe('RABBITMQ_SERVER_START_ARGS', () => {
  it('sets values of applications, over the file', () => {
    const config = loadFile('management.tcp.port = 1\nheartbeat = 3\n', {
      RABBITMQ_SERVER_START_ARGS:
        '-rabbitmq_management listener [{port,15673}] -rabbit heartbeat 9 -rabbit cluster_name "wonder" +P 1000',
    });
    expect(config.management.listeners[0]!.port).toBe(15673);
    expect(config.heartbeat).toBe(9);
    expect(config.clusterName).toBe('wonder');
    expect(config.notices).toEqual([expect.stringContaining('+P 1000')]);
  });

  it('refuses a term that is none', () => {
    expect(() => load({ RABBITMQ_SERVER_START_ARGS: '-rabbitmq_management listener [{port,' })).toThrow(
      /^RABBITMQ_SERVER_START_ARGS: -rabbitmq_management listener \[\{port,: expected a term/,
    );
    expect(() => load({ RABBITMQ_SERVER_START_ARGS: '-rabbit heartbeat "x"' })).toThrow(/expected a number/);
  });

  it('leaves RABBITMQ_START_ARGS alone, which RabbitMQ does not read', () => {
    const config = load({ RABBITMQ_START_ARGS: 'rabbitmq_management listener [{port,15673}]' });
    expect(config.management.listeners[0]!.port).toBe(15672);
  });
});

it('takes the cookie of the home, and the variable before it', () => {
  const { cookie } = load();
  expect(cookie).toMatch(/^[A-Z]{32,}$/);
  expect(load().cookie).toBe(cookie);
  expect(load({ RABBITMQ_ERLANG_COOKIE: 'OTHER' }).cookie).toBe('OTHER');
});
