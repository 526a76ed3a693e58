/**
 * What nobody thought of: generated sequences on both engines, a dozen of one seed, more of another with
 * `npm run soak -- --sequences 2000 --seed N`. A difference is shrunk to the shortest sequence that shows it.
 */
import fc from 'fast-check';
import { expect, inject, it } from 'vitest';
import { play, sequence } from '../sequences.js';
import { perform } from '../twin.js';

const runs = Number(process.env.WARREN_SEQUENCES ?? 12);
const seed = Number(process.env.WARREN_SEED ?? 5);

it.skipIf(!inject('twins'))(
  'generated sequences have one transcript',
  async () => {
    const { bundled, rabbitmq } = inject('twins')!;
    const property = fc.asyncProperty(sequence, async (operations) => {
      const scenario = (t: Parameters<typeof play>[0]) => play(t, operations);
      const [ours, theirs] = await Promise.all([perform(scenario, bundled), perform(scenario, rabbitmq)]);
      expect(theirs).not.toBe('');
      expect(ours).toBe(theirs);
    });
    await fc.assert(property, { numRuns: runs, seed, endOnFailure: process.env.CI !== undefined });
  },
  120_000 + runs * 5000,
);
