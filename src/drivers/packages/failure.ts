import { setTimeout as sleep } from 'node:timers/promises';
import { WarrenError } from '../../errors/warren-error.js';
import type { CommandResult } from '../transport/transport.js';
import type { InstallOptions, LockPatience } from './packages.js';

/** What a package tool's own words mean, in the order in which they are looked for. */
export interface Wording {
  /** A group of it says who holds the lock. */
  readonly locked: RegExp;
  readonly noSpace: RegExp;
  /** A group of it is what was not found. */
  readonly notFound: RegExp;
  /** The lines that are worth repeating when it is none of those. */
  readonly complaint: RegExp;
}

/**
 * Runs a package tool until somebody else's lock is gone. It tells of a lock
 * before it changes anything, so it may be run again then, and only then.
 */
export async function untilUnlocked(
  host: string,
  doing: string,
  wording: Wording,
  lock: LockPatience,
  options: InstallOptions,
  run: () => Promise<CommandResult>,
): Promise<void> {
  for (let waited = 0, told = ''; ; waited += lock.pauseMs) {
    const result = await run();
    if (result.status === 0) return;
    const said = `${result.stdout}\n${result.stderr}`;
    const held = wording.locked.exec(said);
    if (!held) throw failure(host, doing, wording, result.status, said);
    const holder = firstGroup(held) ?? 'another package tool';
    if (waited >= lock.waitMs)
      throw WarrenError.of('PACKAGES_LOCKED', { host, holder, seconds: Math.round(waited / 1000) });
    const sentence = `${host}: waiting for ${holder}, which is changing packages`;
    if (sentence !== told) options.waiting?.(sentence);
    told = sentence;
    await sleep(lock.pauseMs, undefined, options.signal ? { signal: options.signal } : {});
  }
}

function firstGroup(found: RegExpExecArray): string | undefined {
  return found.slice(1).find((group) => group !== undefined);
}

function failure(host: string, doing: string, wording: Wording, status: number, said: string): WarrenError {
  const line = (found: RegExpExecArray) =>
    said
      .slice(said.lastIndexOf('\n', found.index) + 1)
      .split('\n')[0]!
      .replace(/^(E|dpkg|error): */i, '')
      .trim();
  const full = wording.noSpace.exec(said);
  if (full) return WarrenError.of('PACKAGES_NO_SPACE', { host, said: line(full) });
  const missing = [...said.matchAll(new RegExp(wording.notFound, 'g'))].map(firstGroup);
  if (missing.length > 0)
    return WarrenError.of('PACKAGE_NOT_FOUND', { host, packages: [...new Set(missing)].join(', ') });
  const lines = said.split('\n').filter((one) => one.trim() !== '');
  const complaints = lines.filter((one) => wording.complaint.test(one));
  const words = (complaints.length > 0 ? complaints : lines).slice(-3).join('; ');
  return WarrenError.of(
    'PACKAGES_FAILED',
    { host, doing, status, said: words || 'it said nothing' },
    { where: host, why: lines.slice(-15).join('\n') },
  );
}
