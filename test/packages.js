/**
 * The system's packages that some tests need. Root on a Debian gets them installed;
 * anyone else is told what is missing, and those tests skip themselves (see
 * test/engines/system.ts, which looks for the same programs).
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

const lab = 'the lab of blank hosts';

const packages = {
  'rabbitmq-server': 'the twin tests, which compare the bundled broker with RabbitMQ',
  'php-cli': 'the stories, which are PHP programs',
  'php-amqplib': 'the stories, which are PHP programs',
  'python3-pika': 'the Python client',
  'amqp-tools': 'the command-line client',
  'ruby-bunny': 'the Ruby client',
  celery: 'Celery and kombu',
  'php-amqp': 'the PHP extension',
  'librabbitmq-client-java': 'the Java client',
  'default-jdk-headless': 'the Java client',
  'golang-github-rabbitmq-amqp091-go-dev': 'the Go client',
  'golang-go': 'the Go client',
  openssl: 'the tests of TLS',
  procps: 'the tests that look for processes left behind',
  haproxy: 'the tests that ask HAProxy what it thinks of its files',
  keepalived: 'the tests that ask Keepalived what it thinks of its files',
  shellcheck: 'the test of the check script',
  curl: 'the check script',
  mmdebstrap: lab,
  'systemd-container': lab,
  iproute2: lab,
  'dpkg-dev': lab,
  'openssh-client': lab,
  gnupg: 'the lab, where a repository of packages is signed',
  chromium: 'the tests of the page',
  prometheus: 'the test that Prometheus reads the metrics',
};

/** Installs or lists what is missing; answers a sentence for each failure. */
export function preparePackages() {
  const missing = Object.keys(packages).filter((name) => !isInstalled(name));
  if (missing.length === 0) return [];
  if (!isDebian() || process.getuid?.() !== 0) {
    for (const name of missing) console.log(`- ${name} is not installed: skipping ${packages[name]}`);
    return [];
  }
  console.log(`installing ${missing.join(' ')} (apt-get) …`);
  return withoutStartingServices(() => install(missing));
}

function isDebian() {
  return existsSync('/usr/bin/apt-get') && readFileSync('/etc/os-release', 'utf8').includes('ID=debian');
}

function isInstalled(name) {
  const { stdout } = spawnSync('dpkg', ['-s', name], { encoding: 'utf8' });
  return stdout?.includes('Status: install ok installed');
}

function install(names) {
  // Seconds: another apt, a run before this one that was broken off for example, may hold dpkg.
  const waiting = ['-o', 'DPkg::Lock::Timeout=300'];
  const failures = [];
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', ...waiting, ...names]]) {
    const { status, stdout, stderr } = spawnSync('apt-get', ['-q', ...args], {
      encoding: 'utf8',
      env,
      maxBuffer: 1 << 26,
    });
    if (status !== 0)
      failures.push(`apt-get ${args.join(' ')} (status ${status})\n${stdout ?? ''}${stderr ?? ''}`);
  }
  return failures;
}

/**
 * Debian starts a service when its package is installed, unless this file says
 * no: a broker on port 5672 would stand in the way of the tests and outlive them.
 */
function withoutStartingServices(work) {
  const policy = '/usr/sbin/policy-rc.d';
  if (existsSync(policy)) return work();
  writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    return work();
  } finally {
    rmSync(policy, { force: true });
  }
}
