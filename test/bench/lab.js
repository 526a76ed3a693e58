/**
 * Blank hosts made a cluster, and how soon its virtual address answers again after
 * what befalls it: a new connection is tried every 50 ms, and a figure is the time
 * until none fails any more. Needs what the lab needs (CONTRIBUTING.md).
 */
import '../lab/typescript.js';
import { median } from './measure.js';

const { until } = await import('../engines/until.js');
const { stateInHaproxy, untilAnswered, untilHeld } = await import('../lab/cluster-state.js');
const { disturb } = await import('../lab/disturbance.js');
const { Lab } = await import('../lab/hosts.js');
const { Site } = await import('../lab/site.js');
const { whyNoLab } = await import('../lab/requirements.js');

const address = Site.virtualAddress;

/** How often blank hosts are set up: each time takes minutes. */
const blankTries = 3;

export async function* measureLab(tries) {
  const reason = whyNoLab();
  if (reason) return console.error(`no blank hosts: ${reason}`);
  const [installs, applies] = [[], []];
  let lab;
  try {
    while (applies.length < blankTries) {
      installs.push(await slowestInstall());
      await lab?.down();
      lab = await Lab.up({ name: 'bench', hosts: 5 });
      const blank = siteOf(lab);
      applies.push(await seconds(() => apply(blank)));
    }
    const install = median(installs);
    const goal = `≤ ${(install + 15).toFixed(1)} s: the slowest host's own installation (${install.toFixed(1)} s) + 15 s`;
    yield row('five blank hosts → verified cluster behind a virtual address', median(applies), goal);
    const site = siteOf(lab);
    yield row(
      '`apply` again, nothing to do',
      await medianOf(tries, () => seconds(() => apply(site))),
      '≤ 2 s',
    );
    yield* await failovers(site, tries);
  } finally {
    await lab?.down();
  }
}

const siteOf = (lab) => new Site(lab, { brokers: [1, 2, 3], balancers: [4, 5] });

function row(what, rabbitmq, goal) {
  return { what, unit: 's', goal, rabbitmq };
}

/** What the packages alone take, on as many hosts at once. */
async function slowestInstall() {
  const lab = await Lab.up({ name: 'install', hosts: 5 });
  const apt =
    'apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends install';
  try {
    const packages = [
      'rabbitmq-server',
      'rabbitmq-server',
      'rabbitmq-server',
      'haproxy keepalived',
      'haproxy keepalived',
    ];
    const line = (index) => `${apt} ${packages[index]} >/dev/null 2>&1`;
    return Math.max(
      ...(await Promise.all(lab.hosts.map((host, index) => seconds(() => host.run(line(index)))))),
    );
  } finally {
    await lab.down();
  }
}

async function* failovers(site, tries) {
  const balancers = site.lab.hosts.slice(3);
  const answered = () => untilAnswered(site, address);
  const holder = () => untilHeld(balancers, address);
  const outage = async (work, undo) => {
    const host = await holder();
    const { outageMs } = await disturb(site, balancers, () => work(host), answered);
    await undo(host);
    await host.run('until systemctl is-active haproxy keepalived; do sleep 0.2; done; sleep 5');
    return outageMs / 1000;
  };
  const [stop, start] = ['systemctl stop haproxy', 'systemctl start haproxy'];
  yield row(
    'virtual address answers again: HAProxy stopped',
    await medianOf(tries, () =>
      outage(
        (host) => host.run(stop),
        (host) => host.run(start),
      ),
    ),
    '≤ 1.5 s',
  );
  yield row(
    'virtual address answers again: its host powered off',
    await medianOf(tries, () =>
      outage(
        (host) => host.kill(),
        (host) => host.start(),
      ),
    ),
    '≤ 3.5 s',
  );
  yield row(
    'HAProxy takes a frozen broker out',
    await medianOf(tries, async () => frozen(await holder(), site.lab.host(2))),
    '≤ 5 s',
  );
}

async function frozen(balancer, broker) {
  const becomes = (state) =>
    until(`it is ${state}`, async () => (await stateInHaproxy(balancer, broker)) === state);
  await becomes('UP');
  await broker.freeze('rabbitmq-server');
  const time = await seconds(() => becomes('DOWN'));
  await broker.thaw('rabbitmq-server');
  await becomes('UP');
  return time;
}

async function apply(site) {
  const { status, stdout, stderr } = await site.warren(['apply', '--yes']);
  if (status !== 0) throw new Error(`apply ended with ${status}\n${stderr}${stdout}`);
}

async function seconds(work) {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

async function medianOf(tries, measure) {
  const values = [];
  for (let attempt = 0; attempt < tries; attempt += 1) values.push(await measure());
  return median(values);
}
