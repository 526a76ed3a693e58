import { randomInt } from 'node:crypto';
import type { Host } from '../../cluster-file/hosts.js';
import { brokersOf, factsOf, type HostsContext, transportOf } from './context.js';
import { wantedCookie } from './cookie-choice.js';
import { hostPhase } from './each-host.js';
import { runs } from './node-state.js';
import { cookiePath } from './paths.js';
import { patience, rabbitmqService, systemdOf } from './services.js';

/**
 * One cookie on all brokers. It is read from the host whose cookie it is, or
 * made, only when some host lacks it. A node keeps the cookie it started with
 * in memory, and its own tools need the file: so a running node is stopped
 * before its cookie is replaced, and is started by a later phase.
 */
export const distributeCookie = hostPhase({
  title: 'Give all nodes one Erlang cookie',
  role: 'broker',
  async run(context, host, door) {
    const wanted = wantedCookie(context);
    const facts = factsOf(context, host);
    const there = facts.cookie;
    const same = there !== undefined && there.sha256 === wanted.sha256;
    if (same && there.owner === 'rabbitmq' && there.group === 'rabbitmq' && there.mode === 0o400) return;
    const replaces = there !== undefined && !same && runs(facts);
    const what = same ? 'correct mode and owner of' : there ? 'replace' : 'write';
    const source = wanted.from === 'new' ? 'a new one' : `that of ${wanted.from}`;
    await door.change(
      `${replaces ? 'stop the node and ' : ''}${what} the Erlang cookie${same ? '' : ` (${source})`}`,
      async () => {
        if (replaces) await systemdOf(context, host).stop(rabbitmqService, patience(context));
        await place(context, host, await cookieText(context));
        if (replaces) context.stopped.add(host.name);
      },
      replaces ? { asks: `stops the node of ${host.name} while its cookie is replaced` } : undefined,
    );
  },
});

async function place(context: HostsContext, host: Host, text: string): Promise<void> {
  const options = { mode: 0o400, owner: 'rabbitmq', group: 'rabbitmq' };
  await transportOf(context, host).writeFile(cookiePath, text, options);
}

/** The same for all hosts that ask, side by side. */
function cookieText(context: HostsContext): Promise<string> {
  context.cookie.text ??= readOrMake(context);
  return context.cookie.text;
}

async function readOrMake(context: HostsContext): Promise<string> {
  if (context.cookie.given) return context.cookie.given.value.reveal();
  const { from } = wantedCookie(context);
  const holder = brokersOf(context).find(({ name }) => name === from);
  const text = holder && (await transportOf(context, holder).readFile(cookiePath));
  return text?.replace(/\n+$/, '') ?? newCookie();
}

/** As Erlang's own, but longer: capital letters, 40 of them. */
export function newCookie(): string {
  return Array.from({ length: 40 }, () => String.fromCharCode(65 + randomInt(26))).join('');
}
