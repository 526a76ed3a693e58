import { WarrenError } from '../errors/warren-error.js';
import { applyDefinitions } from '../phases/hosts/apply-definitions.js';
import { configureBrokers } from '../phases/hosts/configure-brokers.js';
import { configureHaproxy } from '../phases/hosts/configure-haproxy.js';
import { configureKeepalived } from '../phases/hosts/configure-keepalived.js';
import type { HostsContext } from '../phases/hosts/context.js';
import { distributeCookie } from '../phases/hosts/distribute-cookie.js';
import { enableFeatureFlags } from '../phases/hosts/enable-feature-flags.js';
import { enablePlugins } from '../phases/hosts/enable-plugins.js';
import { holdAddresses } from '../phases/hosts/hold-addresses.js';
import { installPackages } from '../phases/hosts/install-packages.js';
import { joinNodes } from '../phases/hosts/join-nodes.js';
import { keepSecrets } from '../phases/hosts/keep-secrets.js';
import { writeNames } from '../phases/hosts/names.js';
import { restartNodes } from '../phases/hosts/restart-nodes.js';
import { startNodes } from '../phases/hosts/start-nodes.js';
import { type Proof, verify } from '../phases/hosts/verify.js';
import type { Phase } from '../phases/phase.js';

/** Neither lane needs the other before both are to be proved. */
const ofBrokers = (phase: Phase<HostsContext>) => ({ ...phase, lane: 'brokers' });
const ofBalancers = (phase: Phase<HostsContext>) => ({ ...phase, lane: 'balancers' });

/** What makes a cluster out of blank hosts, in order; each by the word that --only and --skip know it by. */
export const buildPhases = {
  packages: installPackages,
  names: writeNames,
  secrets: keepSecrets,
  cookie: ofBrokers(distributeCookie),
  configuration: ofBrokers(configureBrokers),
  start: ofBrokers(startNodes),
  join: ofBrokers(joinNodes),
  restart: ofBrokers(restartNodes),
  plugins: ofBrokers(enablePlugins),
  'feature-flags': ofBrokers(enableFeatureFlags),
  definitions: ofBrokers(applyDefinitions),
  haproxy: ofBalancers(configureHaproxy),
  keepalived: ofBalancers(configureKeepalived),
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
  const phases: Phase<HostsContext>[] = Object.entries(buildPhases)
    .filter(([id]) => chosen(id, choice))
    .map(([, phase]) => phase);
  return [...phases, ...(chosen('keepalived', choice) ? [holdAddresses] : [])];
}

/** The proof at the end, if it is chosen. */
export function chosenProof(choice: PhaseChoice, proof: Proof): Phase<HostsContext>[] {
  return chosen('verify', choice) ? [verify(proof)] : [];
}

function chosen(id: string, { only, skip }: PhaseChoice): boolean {
  return (only === undefined || only.includes(id)) && !skip?.includes(id);
}
