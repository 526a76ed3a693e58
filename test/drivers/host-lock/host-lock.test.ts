import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { HostLock } from '../../../src/drivers/host-lock/host-lock.js';
import { FakeTransport } from '../../../src/drivers/transport/fake.js';
import { localTransport } from '../../../src/drivers/transport/local.js';

const now = () => new Date(0);

let folder: string;
let host: FakeTransport;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lock-'));
  host = hostThatHears((input) => input);
});

/** The script really runs, on this machine, with a folder of its own in the place of /run/warren. */
function hostThatHears(heard: (input: string) => string): FakeTransport {
  return new FakeTransport('server1').answer(/^sh -c/, ({ args, input }) =>
    localTransport.run('sh', own(args), { input: heard(input!) }),
  );
}

function own(args: readonly string[]): string[] {
  return args.map((word) => word.replaceAll('/run/warren', folder));
}

afterEach(() => rmSync(folder, { recursive: true }));

test('one holds a host at a time, and the other is told who, with what and since when', async () => {
  const [first, second] = [new HostLock('warren apply', now), new HostLock('warren plan', now)];
  await first.take(host);
  await expect(second.take(host)).rejects.toMatchObject({
    code: 'HOSTS_BUSY',
    message: expect.stringMatching(/^\S+@\S+ is changing server1 with 'warren apply' since 1970-01-01T00:00/),
  });
  await first.release();
  await second.take(host);
  await second.release();
});

test('taking what one holds already renews it', async () => {
  const lock = new HostLock('warren apply', now);
  await lock.take(host);
  await lock.take(host);
  await lock.release();
});

test('a holder of this machine that is dead is replaced at once', async () => {
  const dead = new HostLock('warren apply', now);
  await dead.take(host);
  const words = JSON.stringify({
    who: 'root@here',
    command: 'x',
    since: 'y',
    pid: 2 ** 22 + 1,
    startTime: '1',
    boot: (await localTransport.readFile('/proc/sys/kernel/random/boot_id'))!.trim(),
  });
  const file = join(folder, 'lock');
  const [first] = (await localTransport.readFile(file))!.split('\n');
  await localTransport.writeFile(file, `${first}\n${words}\n`, { mode: 0o600 });
  const next = new HostLock('warren apply', now);
  await next.take(host);
  await next.release();
});

test('a claim that was not renewed in time is nobody’s', async () => {
  await new HostLock('warren apply', now).take(host);
  const file = join(folder, 'lock');
  const [first, words] = (await localTransport.readFile(file))!.split('\n');
  const longAgo = first!.replace(/ \d+$/, ' 1000');
  const elsewhere = words!.replace(/"boot":"[^"]*"/, '"boot":"another"');
  await localTransport.writeFile(file, `${longAgo}\n${elsewhere}\n`, { mode: 0o600 });
  const next = new HostLock('warren apply', now);
  await next.take(host);
  await next.release();
});

test('one who is killed before all of its words have arrived has taken nothing', async () => {
  const cuts = [
    (_: string) => 0,
    () => 1,
    (input: string) => input.length / 2,
    (input: string) => input.length - 1,
  ];
  for (const cut of cuts) {
    const cutOff = hostThatHears((input) => input.slice(0, cut(input)));
    await expect(new HostLock('warren apply', now).take(cutOff)).rejects.toMatchObject({
      code: 'TOOL_FAILED',
    });
    const next = new HostLock('warren apply', now);
    await next.take(host);
    await next.release();
  }
});

test('a claim stays whole when its renewal is cut off, and goes when its release is', async () => {
  const file = join(folder, 'lock');
  await new HostLock('warren apply', now).take(host);
  const before = (await localTransport.readFile(file))!;
  const [id] = before.split(' ');
  const taking = host.log.find((act) => act.act === 'run')!;
  const cutOff = (what: string) =>
    localTransport.run('sh', [...own(taking.args.slice(0, 3)), what, id!, '20', ''], { input: '{"who"' });
  await cutOff('renew');
  expect(await localTransport.readFile(file)).toBe(before);
  await cutOff('free');
  expect(await localTransport.readFile(file)).toBeUndefined();
});
