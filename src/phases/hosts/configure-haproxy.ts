import type { Host } from '../../cluster-file/hosts.js';
import { checkHaproxy } from '../../drivers/haproxy/check.js';
import { askHaproxy } from '../../drivers/haproxy/runtime.js';
import { haproxyFile, haproxyLimits } from '../../render/balancer-files.js';
import { wait } from '../wait.js';
import { type HostsContext, transportOf, versionOf } from './context.js';
import { hostPhase } from './each-host.js';
import { configureService } from './front-end-service.js';
import { paths } from './paths.js';
import { placeFile } from './place-file.js';
import { secretKey } from './secrets.js';

const patienceMs = 5_000;

/** HAProxy on each balancer: checked by itself before it takes its file's place, reloaded without a connection lost. */
export const configureHaproxy = hostPhase({
  title: 'Configure HAProxy',
  role: 'balancer',
  async run(context, host, door) {
    const { file, secrets, signal } = context;
    const frontEnd = file.front_end!;
    const { check_password, stats_password } = frontEnd.haproxy;
    await placeFile(context, host, door, await haproxyLimits(frontEnd), {
      folder: '/etc/systemd/system/haproxy.service.d',
    });
    const write = await haproxyFile(file, frontEnd);
    const rendered = await write({
      host: frontEnd.hosts.find(({ name }) => name === host.name)!,
      rabbitmqVersion: versionOf(context),
      checkPassword: await secrets.of(check_password, secretKey.check, 'check_password'),
      statsPassword: await secrets.of(stats_password, secretKey.stats, 'stats_password'),
    });
    const transport = transportOf(context, host);
    await configureService(context, host, door, rendered, {
      program: 'HAProxy',
      service: 'haproxy',
      note: paths.reloadHaproxy,
      check: (temporary) => checkHaproxy(transport, temporary, signal),
      worker: () => workerOf(context, host),
      answers: (before) => answers(context, host, before),
    });
  },
});

/** The process that answers on HAProxy's socket. */
async function workerOf(context: HostsContext, host: Host): Promise<string> {
  const information = await askHaproxy(transportOf(context, host), 'show info', context.signal);
  return /^Pid: (\d+)/m.exec(information)?.[1] ?? '';
}

/** A reload that cannot take its ports leaves the former process at work, and says so in the log only. */
async function answers(context: HostsContext, host: Host, before?: string): Promise<void> {
  const until = performance.now() + patienceMs;
  while ((await workerOf(context, host)) === before) {
    if (performance.now() > until) throw new Error(await lastAlert(context, host));
    await wait(100, context.signal);
  }
}

async function lastAlert(context: HostsContext, host: Host): Promise<string> {
  const args = ['--no-pager', '--quiet', '--output', 'cat', '--lines', '30', '--unit', 'haproxy'];
  const { stdout } = await transportOf(context, host).run('journalctl', args, { readOnly: true });
  const alerts = stdout.split('\n').filter((line) => line.includes('[ALERT]'));
  return alerts.at(-1) ?? 'the former process is still at work';
}
