import type { Proof } from '../phases/hosts/verify.js';
import { chosenPhases, chosenProof, type PhaseChoice } from './build-phases.js';
import { type ChangeOptions, type ChangeResult, changeHosts } from './change-hosts.js';
import type { Surroundings } from './surroundings.js';

export interface ApplyResult extends ChangeResult {
  readonly proof?: Proof['outcome'];
}

/** Makes the hosts what the cluster file says, or what is missing of it, and proves it. */
export async function apply(
  options: ChangeOptions & PhaseChoice,
  surroundings: Surroundings,
): Promise<ApplyResult> {
  const proof: Proof = {};
  const change = { phases: chosenPhases(options), proof: chosenProof(options, proof) };
  const result = await changeHosts(options, change, surroundings);
  return { ...result, ...(proof.outcome ? { proof: proof.outcome } : {}) };
}
