import type { WrittenFile } from '../schema.js';
import type { Finding } from '../text.js';
import { frontEndFindings } from './front-end.js';
import { nodeFindings } from './nodes.js';
import { objectFindings } from './objects.js';
import { policyFindings } from './policies.js';
import { profileFindings } from './profile.js';
import { secretFindings } from './secrets.js';
import { tlsFindings } from './tls.js';
import { topologyFindings } from './topology.js';

export interface Findings {
  readonly errors: readonly Finding[];
  readonly warnings: readonly Finding[];
}

/** What is right word by word and wrong as a whole: names that nobody has, addresses that two have. */
export function findings(file: WrittenFile): Findings {
  const checks = [
    nodeFindings,
    frontEndFindings,
    profileFindings,
    secretFindings,
    tlsFindings,
    objectFindings,
    policyFindings,
    topologyFindings,
  ];
  const found = checks.map((check) => check(file));
  return {
    errors: found.flatMap(({ errors }) => errors),
    warnings: found.flatMap(({ warnings }) => warnings),
  };
}
