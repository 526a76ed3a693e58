import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { roundTrip } from './clients.js';
import { agreed, untilAgreed, views } from './cluster-state.js';
import { Lab } from './hosts.js';
import { whyNoLab } from './requirements.js';
import { Site } from './site.js';
import { watched } from './watched.js';

describe.skipIf(whyNoLab())('an apply that does not come to its end', () => {
  let lab: Lab;
  let site: Site;
  beforeAll(async () => {
    lab = await Lab.up({ name: 'interrupted', hosts: 4 });
    site = new Site(lab, { brokers: [1, 2, 3], balancers: [4] });
  });
  afterAll(() => lab?.down());

  /** Applies, and kills it so many milliseconds after it was started, or when it has come to a phase. */
  async function apply(words: readonly string[], killIn: (title: string) => boolean, killAfter?: number) {
    const run = watched(site.start(['apply', '--yes', ...words]), (title, { kill }) => {
      if (killIn(title)) kill();
    });
    const timer = killAfter === undefined ? undefined : setTimeout(run.kill, killAfter);
    const outcome = await run.ended;
    clearTimeout(timer);
    return outcome;
  }

  test('cut off from a host in the middle: it says which, and goes on with the others', async () => {
    const { status, stdout, stderr } = await apply(['--only', 'packages'], (title) => {
      if (title === 'Install packages') void lab.host(3).cut();
      return false;
    });
    await lab.host(3).mend();
    expect(status, stderr + stdout).toBe(69);
    expect(stdout).toMatch(/^server3:\n( {2}.*\n)* {2}failed in /m);
    expect(stdout).toMatch(/^server2:\n( {2}done: .*\n)+(?! )/m);
  });

  const aRunForEachPhase = 900_000;

  test('killed at every tenth of its first second, then in each phase: the next one converges', {
    timeout: aRunForEachPhase,
  }, async () => {
    for (let after = 300; after <= 1_200; after += 100)
      expect((await apply([], () => false, after)).status).toBe(null);
    const met = new Set<string>();
    const isNew = (title: string) => met.size < met.add(title).size;
    let outcome = await apply([], isNew);
    while (outcome.status === null) outcome = await apply([], isNew);
    expect(outcome.status, outcome.stderr + outcome.stdout).toBe(0);
    expect(outcome.stdout).toContain('Verified: all 3 nodes agree; 20 messages confirmed and consumed');
    // Progress is quiet for a second, and the proof may come sooner when nothing is left to do.
    expect(met.size, [...met].join('\n')).toBeGreaterThan(10);

    const brokers = lab.hosts.slice(0, 3);
    expect(await views(brokers)).toEqual(agreed(brokers));
    expect(await roundTrip(lab.control, site.url(), 'through')).toBe('through');
    expect(await site.warren(['plan', '--detailed-exitcode'])).toMatchObject({ status: 0 });
  });

  /** Types it, and Ctrl-C as soon as it says one of these, each once, until it comes to its end. */
  async function interruptedAt(words: readonly string[], sentences: readonly string[]): Promise<string[]> {
    const left = new Set(sentences);
    const told: string[] = [];
    for (;;) {
      const child = site.start(words);
      const run = watched(child, () => {});
      child.stderr!.on('data', (chunk) => {
        const met = [...left].find((sentence) => String(chunk).includes(sentence));
        if (met !== undefined && left.delete(met)) child.kill('SIGINT');
      });
      const { status, stdout, stderr } = await run.ended;
      told.push(stdout);
      if (status === 130) continue;
      expect(status, stderr + stdout).toBe(0);
      expect([...left]).toEqual([]);
      return told;
    }
  }

  test('Ctrl-C amid the replacement of a node, and amid an apply: what stands is told, the same again goes on', {
    timeout: aRunForEachPhase,
  }, async () => {
    const brokers = lab.hosts.slice(0, 3);
    expect(await site.warren(['apply', '--yes'])).toMatchObject({ status: 0 });
    await lab.host(2).run('systemctl stop rabbitmq-server; rm -rf /var/lib/rabbitmq/mnesia/*');
    const places = ['forget rabbit@server2', 'start rabbit@server2'];
    const replaced = await interruptedAt(['node', 'replace', 'server2', '--yes'], places);
    // On a quick host it is forgotten, and the start begun, before the first Ctrl-C is heard.
    const [forgotten, started] = /^ {2}done: forget /m.test(replaced[0]!)
      ? ['done', 'begun']
      : ['begun', 'not done'];
    expect(replaced[0]).toMatch(new RegExp(`^ {2}${forgotten}: forget rabbit@server2$`, 'm'));
    expect(replaced[0]).toMatch(new RegExp(`^ {2}${started}: start rabbit@server2$`, 'm'));
    expect(replaced[0]).toContain('interrupted (SIGINT)\n  next: type the same again');
    if (started === 'not done') expect(replaced[1]).toMatch(/^ {2}begun: start rabbit@server2$/m);
    expect(await views(brokers)).toEqual(agreed(brokers));

    await lab.host(3).run('rm /etc/rabbitmq/rabbitmq.conf');
    const applied = await interruptedAt(['apply', '--yes'], ['restart rabbit@server3']);
    expect(applied[0]).toMatch(/^ {2}done: write \/etc\/rabbitmq\/rabbitmq.conf$/m);
    expect(applied[0]).toMatch(/^ {2}begun: restart rabbit@server3/m);
    await untilAgreed(brokers);
    expect(await site.warren(['plan', '--detailed-exitcode'])).toMatchObject({ status: 0 });
  });
});
