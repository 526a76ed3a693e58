/** One node of an engine without a front end, in a folder of its own, which a bench stops, kills and starts again. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { portBase } from './measure.js';

const folders = {
  bundled: process.env.WARREN_TEST_ENGINE ?? path.join(import.meta.dirname, '../../bin/runtime'),
  rabbitmq: '/usr/lib/rabbitmq/bin',
};

export class BenchNode {
  #process = null;

  constructor(engine, configuration = [], plugins = ['rabbitmq_management']) {
    this.engine = engine;
    this.home = mkdtempSync(path.join(os.tmpdir(), 'warren-bench-'));
    this.port = portBase();
    this.managementPort = this.port + 1;
    const config = path.join(this.home, 'rabbitmq.conf');
    const lines = [`management.tcp.port = ${this.managementPort}`, 'management.tcp.ip = 127.0.0.1'];
    writeFileSync(config, `${[...lines, ...configuration].join('\n')}\n`);
    writeFileSync(path.join(this.home, 'plugins'), `[${plugins.join()}].\n`);
    mkdirSync(path.join(this.home, 'runtime'), { mode: 0o700 });
    this.environment = {
      PATH: process.env.PATH,
      HOME: this.home,
      XDG_RUNTIME_DIR: path.join(this.home, 'runtime'),
      LANG: 'C.UTF-8',
      RABBITMQ_NODENAME: path.basename(this.home).toLowerCase(),
      RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
      RABBITMQ_NODE_PORT: String(this.port),
      RABBITMQ_DIST_PORT: String(this.port + 2),
      RABBITMQ_MNESIA_BASE: path.join(this.home, 'mnesia'),
      RABBITMQ_LOG_BASE: path.join(this.home, 'log'),
      RABBITMQ_ENABLED_PLUGINS_FILE: path.join(this.home, 'plugins'),
      RABBITMQ_CONFIG_FILE: config,
      RABBITMQ_PID_FILE: path.join(this.home, 'pid'),
      ERL_CRASH_DUMP_SECONDS: '0',
    };
  }

  /** Answers the seconds until a client is let in. */
  async start() {
    const began = performance.now();
    const server = path.join(folders[this.engine], 'rabbitmq-server');
    // RabbitMQ's server is a shell that starts the one that matters: all of them are one group.
    this.#process = spawn(server, [], { env: this.environment, stdio: 'ignore', detached: true });
    while (!(await answers(this.port))) {
      if (this.#process.exitCode !== null)
        throw new Error(`${this.engine} ended with ${this.#process.exitCode}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return (performance.now() - began) / 1000;
  }

  get pid() {
    return Number(readFileSync(path.join(this.home, 'pid'), 'utf8'));
  }

  /** Resident memory in MB: now, and the most there was since it started. */
  get memory() {
    const status = readFileSync(`/proc/${this.pid}/status`, 'utf8');
    const of = (name) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)[1]) / 1000;
    return { now: of('VmRSS'), most: of('VmHWM') };
  }

  async kill() {
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    process.kill(-this.#process.pid, 'SIGKILL');
    await ended;
  }

  async stop() {
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    this.ctl('stop');
    await ended;
  }

  ctl(...args) {
    const { status, stdout, stderr } = spawnSync(path.join(folders[this.engine], 'rabbitmqctl'), args, {
      env: this.environment,
      encoding: 'utf8',
    });
    if (status !== 0)
      throw new Error(`rabbitmqctl ${args.join(' ')} ended with ${status}: ${stderr}${stdout}`);
    return stdout;
  }

  /** Processor time that it has used, in milliseconds. */
  get used() {
    const stat = readFileSync(`/proc/${this.pid}/stat`, 'utf8');
    const [user, system] = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .slice(11, 13);
    return (Number(user) + Number(system)) * 10;
  }

  async api(route) {
    return (await this.request('GET', route)).json();
  }

  request(method, route, body) {
    const authorization = `Basic ${Buffer.from('guest:guest').toString('base64')}`;
    const headers = { authorization, 'content-type': 'application/json' };
    const url = `http://127.0.0.1:${this.managementPort}/api/${route}`;
    return fetch(url, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  }

  async destroy() {
    if (this.#process !== null && this.#process.exitCode === null && this.#process.signalCode === null) {
      await this.kill();
    }
    rmSync(this.home, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** A broker that is not up yet may let connect and say nothing. */
function answers(port) {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    const done = (answer) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => socket.write(Buffer.from('AMQP\0\0\x09\x01', 'latin1')));
    socket.once('data', () => done(true));
    socket.once('error', () => done(false));
    socket.once('close', () => done(false));
    socket.setTimeout(1000, () => done(false));
  });
}
