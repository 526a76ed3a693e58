/**
 * What nobody thought of: generated sequences on both engines, a dozen of one seed, more of another with
 * `npm run soak -- --sequences 2000 --seed N`. A difference is shrunk to the shortest sequence that shows it.
 */
import fc from 'fast-check';
import { expect, inject, it } from 'vitest';
import { lifetimes, live } from '../lifetimes.js';
import { govern, policyChanges } from '../policy-changes.js';
import { play, sequence } from '../sequences.js';
import type { Stage } from '../stage.js';
import { perform } from '../twin.js';

const runs = Number(process.env.WARREN_SEQUENCES ?? 12);
const seed = Number(process.env.WARREN_SEED ?? 5);

compare('messages', sequence, play);
compare('lifetimes', lifetimes, live);
compare('policies', policyChanges, govern);

function compare<T>(
  what: string,
  sequences: fc.Arbitrary<T>,
  scenario: (t: Stage, one: T) => Promise<void>,
): void {
  it.skipIf(!inject('twins'))(
    `generated sequences of ${what} have one transcript`,
    async () => {
      const { bundled, rabbitmq } = inject('twins')!;
      const property = fc.asyncProperty(sequences, async (one) => {
        const played = (t: Stage) => scenario(t, one);
        const [ours, theirs] = await Promise.all([perform(played, bundled), perform(played, rabbitmq)]);
        expect(theirs).not.toBe('');
        expect(ours).toBe(theirs);
      });
      await fc.assert(property, { numRuns: runs, seed, endOnFailure: process.env.CI !== undefined });
    },
    120_000 + runs * 5000,
  );
}
