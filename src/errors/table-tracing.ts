import { entry } from './entry.js';
import { exitStatus as exit } from './exit-status.js';

/** What can go wrong while tracing messages. */
export const tracingErrors = {
  VHOST_NOT_FOUND: entry(
    exit.unavailable,
    (f: { vhost: string; known: readonly string[] }) => `there is no vhost '${f.vhost}'`,
    (f) => (f.known.length > 0 ? `choose one of: ${f.known.join(', ')}` : 'give --vhost NAME'),
  ),
  NO_NODE_ANSWERS: entry(
    exit.unavailable,
    (f: { cluster: string; why: readonly string[] }) =>
      `no node of ${f.cluster} answers: ${f.why.join('; ') || 'it has none'}`,
    () => 'warren status, to see which nodes run, and whether rabbitmq_management is enabled on them',
  ),
  TRACING_PLUGIN_MISSING: entry(
    exit.unavailable,
    (f: { node: string }) => `the plugin rabbitmq_tracing is not enabled on ${f.node}`,
    () =>
      'rabbitmq-plugins enable rabbitmq_tracing on that node; or warren trace tail, which needs no plugin',
  ),
  TRACE_NOT_FOUND: entry(
    exit.unavailable,
    (f: { name: string; vhost: string }) => `no node has a trace '${f.name}' in vhost '${f.vhost}'`,
    () => 'warren trace list',
  ),
  TRACE_LOG_NOT_FOUND: entry(
    exit.unavailable,
    (f: { file: string; known: readonly string[] }) => `no node has a trace log ${f.file}`,
    (f) => (f.known.length > 0 ? `choose one of: ${f.known.join(', ')}` : 'warren trace add NAME'),
  ),
  BAD_DURATION: entry(
    exit.usage,
    (f: { value: string }) => `'${f.value}' is not a time`,
    () => 'write it as --for 90s, --for 5m or --for 2h',
  ),
};
