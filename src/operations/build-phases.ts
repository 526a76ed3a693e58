import { WarrenError } from '../errors/warren-error.js';
import { applyDefinitions } from '../phases/hosts/apply-definitions.js';
import { configureBrokers } from '../phases/hosts/configure-brokers.js';
import { configureHaproxy } from '../phases/hosts/configure-haproxy.js';
import { configureKeepalived } from '../phases/hosts/configure-keepalived.js';
import type { HostsContext } from '../phases/hosts/context.js';
import { distributeCookie } from '../phases/hosts/distribute-cookie.js';
import { enableFeatureFlags } from '../phases/hosts/enable-feature-flags.js';
import { enablePlugins } from '../phases/hosts/enable-plugins.js';
import { installPackages } from '../phases/hosts/install-packages.js';
import { joinNodes } from '../phases/hosts/join-nodes.js';
import { keepSecrets } from '../phases/hosts/keep-secrets.js';
import { writeNames } from '../phases/hosts/names.js';
import { restartNodes } from '../phases/hosts/restart-nodes.js';
import { startNodes } from '../phases/hosts/start-nodes.js';
import { type Proof, verify } from '../phases/hosts/verify.js';
import type { Phase } from '../phases/phase.js';

/** What makes a cluster out of blank hosts, in order; each by the word that --only and --skip know it by. */
export const buildPhases = {
  packages: installPackages,
  names: writeNames,
  secrets: keepSecrets,
  cookie: distributeCookie,
  configuration: configureBrokers,
  start: startNodes,
  join: joinNodes,
  restart: restartNodes,
  plugins: enablePlugins,
  'feature-flags': enableFeatureFlags,
  definitions: applyDefinitions,
  haproxy: configureHaproxy,
  keepalived: configureKeepalived,
} as const satisfies Record<string, Phase<HostsContext>>;

/** Which of the phases, by their words; all when nothing is said. */
export interface PhaseChoice {
  readonly only?: readonly string[] | undefined;
  readonly skip?: readonly string[] | undefined;
}

export function chosenPhases(choice: PhaseChoice): Phase<HostsContext>[] {
  const known = [...Object.keys(buildPhases), 'verify'];
  for (const phase of [...(choice.only ?? []), ...(choice.skip ?? [])]) {
    if (!known.includes(phase)) throw WarrenError.of('UNKNOWN_PHASE', { phase, known });
  }
  return Object.entries(buildPhases)
    .filter(([id]) => chosen(id, choice))
    .map(([, phase]) => phase);
}

/** The proof at the end, if it is chosen. */
export function chosenProof(choice: PhaseChoice, proof: Proof): Phase<HostsContext>[] {
  return chosen('verify', choice) ? [verify(proof)] : [];
}

function chosen(id: string, { only, skip }: PhaseChoice): boolean {
  return (only === undefined || only.includes(id)) && !skip?.includes(id);
}
