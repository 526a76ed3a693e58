import { describe, expect, it } from 'vitest';
import { Systemd } from '../../../src/drivers/systemd/systemd.js';
import { FakeTransport } from '../../../src/drivers/transport/fake.js';
import type { WarrenError } from '../../../src/errors/warren-error.js';

const shown = `LoadState=loaded
ActiveState=active
SubState=running
UnitFileState=enabled
MainPID=4711
`;

describe('the services of a host', () => {
  it('are changed by the verb of systemctl', async () => {
    const host = new FakeTransport().answer(/^systemctl /, '');
    const systemd = new Systemd(host);
    await systemd.start('a.service');
    await systemd.stop('a.service');
    await systemd.restart('a.service');
    await systemd.reload('a.service');
    await systemd.reloadOrRestart('a.service');
    await systemd.enable('a.service');
    await systemd.disable('a.service');
    await systemd.reloadUnits();
    expect(host.lines.map((line) => line.replace('systemctl --no-ask-password --no-pager ', ''))).toEqual([
      'start -- a.service',
      'stop -- a.service',
      'restart -- a.service',
      'reload -- a.service',
      'reload-or-restart -- a.service',
      'enable -- a.service',
      'disable -- a.service',
      'daemon-reload',
    ]);
  });

  it('are seen as systemd shows them', async () => {
    const systemd = new Systemd(new FakeTransport().answer(/ show .* rabbitmq-server$/, shown));
    expect(await systemd.show('rabbitmq-server')).toEqual({
      load: 'loaded',
      active: 'active',
      sub: 'running',
      file: 'enabled',
      pid: 4711,
    });
    expect(await systemd.isActive('rabbitmq-server')).toBe(true);
  });

  it('are seen where there are none', async () => {
    const none = 'LoadState=not-found\nActiveState=inactive\nSubState=dead\nUnitFileState=\nMainPID=0\n';
    const systemd = new Systemd(new FakeTransport().answer(/ show /, none));
    expect(await systemd.show('nothing')).toMatchObject({ load: 'not-found', file: '', pid: 0 });
    expect(await systemd.isActive('nothing')).toBe(false);
  });

  /** As `df -Pk` tells the room under /var/lib and /var/log. */
  const table = (...free: string[]) =>
    [
      'Filesystem 1024-blocks Used Available Capacity Mounted on',
      ...free.map((blocks, at) => `/dev/vda${at} 99000 1000 ${blocks} 1% /v${at}`),
    ].join('\n');

  it('fail on a full disk, of which they cannot say a word themselves', async () => {
    const host = new FakeTransport('server2')
      .answer(/ start /, { status: 1, stderr: 'Job for rabbitmq-server.service failed.' })
      .answer(/^df /, table('12', '12'))
      .answer(/^journalctl/, '');
    await expect(new Systemd(host).start('rabbitmq-server')).rejects.toMatchObject({
      report: { why: 'the disk of /v0 is full\nthe disk of /v1 is full' },
    });
  });

  it('fail with what systemctl says, and why with the last words of the unit', async () => {
    const host = new FakeTransport('server2')
      .answer(/ restart /, {
        status: 1,
        stderr: 'Job for haproxy.service failed.\nSee "systemctl status".\n',
      })
      .answer(/^df /, table('52000', '81000'))
      .answer(/^journalctl .* -u haproxy$/, 'cannot bind socket (Address already in use)\n');
    const error = await new Systemd(host).restart('haproxy').catch((thrown: unknown) => thrown);
    expect((error as WarrenError).report).toEqual({
      code: 'UNIT_FAILED',
      message: 'systemctl restart haproxy failed on server2: Job for haproxy.service failed.',
      where: 'server2',
      why: 'cannot bind socket (Address already in use)',
      next: 'journalctl -u haproxy on server2, to see why',
      exit: 69,
    });
  });
});
