import { entry } from './entry.js';
import { exitStatus as exit } from './exit-status.js';

/** What can be wrong about a cluster file, and between it and a running cluster. */
export const clusterFileErrors = {
  OBJECT_DIFFERS: entry(
    exit.cannotCreate,
    (f: { kind: string; name: string; vhost: string; differences: readonly string[] }) =>
      `${f.kind} ${f.name} in vhost ${f.vhost} cannot be changed: ${f.differences.join('; ')}`,
    (f) =>
      f.kind === 'queue'
        ? 'correct the file, or delete the queue first (its messages go with it)'
        : 'correct the file, or delete the exchange first (its bindings go with it)',
  ),
  PROFILE_IMPOSSIBLE: entry(
    exit.configuration,
    (f: { profile: string; next: string }) => `the profile '${f.profile}' cannot be had here`,
    (f) => f.next,
  ),
  SECRET_MISSING: entry(
    exit.configuration,
    (f: { what: string; problem: string; next: string }) => `no ${f.what}: ${f.problem}`,
    (f) => f.next,
  ),
  CLUSTER_FILE_MISSING: entry(
    exit.configuration,
    (f: { file: string }) => `there is no file ${f.file}`,
    () => 'name your cluster file with --file',
  ),
  CLUSTER_FILE_INVALID: entry(
    exit.configuration,
    (f: { problem: string; suggestion?: string }) => f.problem,
    (f) => f.suggestion ?? 'correct that line, then type the same again',
  ),
  REMOTE_NODES: entry(
    exit.configuration,
    (f: { node: string; address: string; file: string }) =>
      `node ${f.node} has an address (${f.address}), and warren up raises nodes on this machine only`,
    (f) => `warren apply --file ${f.file} builds it there; take the address out to raise it here`,
  ),
  FILE_EXISTS: entry(
    exit.cannotCreate,
    (f: { file: string; command: string }) => `${f.file} is there already, and is not written over`,
    (f) => `warren ${f.command} --file OTHER …, or move ${f.file} away first`,
  ),
};
