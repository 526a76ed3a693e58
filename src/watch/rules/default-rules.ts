import type { z } from 'zod';
import type { rulesSchema } from './schema.js';

type Written = NonNullable<z.input<typeof rulesSchema>['rules']>[number];

/** What is watched for without a file: good enough for a night's sleep, with few words where nothing is amiss. */
export const defaultRules: readonly Written[] = [
  { when: 'node_down', severity: 'critical', for: '30s', repeat: '4h' },
  { when: 'no_answer', severity: 'critical', for: '30s', repeat: '4h' },
  { when: 'partition', severity: 'critical', for: '30s', repeat: '1h' },
  { when: 'alarm', severity: 'critical', repeat: '1h' },
  { when: 'memory', above: '80%', clear: '70%', for: '2m', repeat: '12h' },
  { when: 'disk', below: '200%', clear: '250%', for: '2m', repeat: '12h' },
  { when: 'file_descriptors', above: '80%', clear: '70%', for: '2m', repeat: '12h' },
  { when: 'queue_depth', above: 100_000, clear: 80_000, for: '5m', clear_for: '1m', repeat: '12h' },
  { when: 'queue_growth', above: 60_000, clear: 30_000, for: '5m', clear_for: '1m', repeat: '12h' },
  { when: 'no_consumers', above: 1_000, for: '10m', repeat: '24h' },
  { when: 'unacknowledged', above: 50_000, clear: 25_000, for: '5m', repeat: '12h' },
  { when: 'queue_down', severity: 'critical', for: '1m', repeat: '4h' },
  { when: 'unsynchronised_mirrors', for: '5m', repeat: '12h' },
  { when: 'quorum_at_risk', for: '1m', repeat: '4h' },
  { when: 'certificate_expires', within: '30d', repeat: '7d' },
  { when: 'cookie_mismatch', severity: 'critical', repeat: '24h' },
  { when: 'version_mismatch', for: '1h', repeat: '24h' },
  { when: 'virtual_address', severity: 'critical', for: '30s', repeat: '1h' },
];
