import { entry } from './entry.js';
import { exitStatus as exit } from './exit-status.js';

/** What can go wrong while watching a cluster. */
export const watchErrors = {
  RULES_FILE_MISSING: entry(
    exit.configuration,
    (f: { file: string }) => `there is no file ${f.file}`,
    () => 'name your rules with --rules; examples/alerts.yaml is one to begin with',
  ),
  RULES_FILE_INVALID: entry(
    exit.configuration,
    (f: { problem: string; suggestion?: string }) => f.problem,
    (f) => f.suggestion ?? 'correct that line, then type the same again',
  ),
  CLUSTER_BLIND: entry(
    exit.unavailable,
    (f: { cluster: string; reason: string }) => `the state of ${f.cluster} cannot be told: ${f.reason}`,
    () => 'warren health, to see which nodes are down',
  ),
  CERTIFICATE_UNREADABLE: entry(
    exit.unavailable,
    (f: { where: string; reason: string }) => `the certificate at ${f.where} cannot be read: ${f.reason}`,
    (f) => `openssl s_client -connect ${f.where} </dev/null`,
  ),
  MONITOR_STATE_UNUSABLE: entry(
    exit.cannotCreate,
    (f: { file: string; reason: string }) =>
      `the state of the monitor in ${f.file} cannot be used: ${f.reason}`,
    () => 'name another file with --state, or move that one away (open alarms are then told again)',
  ),
  NOTIFICATION_FAILED: entry(
    exit.unavailable,
    (f: { receiver: string; reason: string }) => `receiver ${f.receiver} was not told: ${f.reason}`,
    () => 'it is tried again; correct that receiver in the rules file if it goes on',
  ),
  DASHBOARD_PORT: entry(
    exit.cannotCreate,
    (f: { port: number; reason: string }) => `the dashboard cannot listen on port ${f.port}: ${f.reason}`,
    () => 'leave out --port, and a free one is taken',
  ),
  DASHBOARD_BLIND: entry(
    exit.unavailable,
    (f: { file: string; reason: string }) => `the cluster of ${f.file} cannot be shown: ${f.reason}`,
    (f) => `warren health --cluster ${f.file}`,
  ),
};
