import type { Host } from '../../cluster-file/hosts.js';
import { checkHaproxy } from '../../drivers/haproxy/check.js';
import { askHaproxy } from '../../drivers/haproxy/runtime.js';
import { haproxyFile, haproxyLimits } from '../../render/balancer-files.js';
import { type HostsContext, transportOf, versionOf } from './context.js';
import { hostPhase } from './each-host.js';
import { configureService } from './front-end-service.js';
import { paths } from './paths.js';
import { placeFile } from './place-file.js';
import { secretKey } from './secrets.js';

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
      answers: () => answers(context, host),
    });
  },
});

/** The process that a reload made, or a start, answers on its socket. */
async function answers(context: HostsContext, host: Host): Promise<void> {
  await askHaproxy(transportOf(context, host), 'show info', context.signal);
}
