import { entry } from './entry.js';
import { exitStatus as exit } from './exit-status.js';

/** What the management HTTP API, or the way to it, can answer with. */
export const apiErrors = {
  API_UNREACHABLE: entry(
    exit.unavailable,
    (f: { url: string; reason: string; here?: boolean }) =>
      `the management API at ${f.url} does not answer: ${f.reason}`,
    (f) =>
      f.here === false
        ? 'see that a node runs there, that rabbitmq_management is enabled, and that the port is right (usually 15672)'
        : 'warren ps, to see which nodes run',
  ),
  API_TLS: entry(
    exit.unavailable,
    (f: { url: string; reason: string }) => `no TLS connection to ${f.url}: ${f.reason}`,
    (f) =>
      /wrong version number|packet length/i.test(f.reason)
        ? `that port speaks no TLS: --url ${f.url.replace(/^https/, 'http')}`
        : 'name the file of the authority that signed its certificate: NODE_EXTRA_CA_CERTS=ca.pem warren …',
  ),
  API_NOT_HTTP: entry(
    exit.unavailable,
    (f: { url: string }) => `what answers at ${f.url} does not speak HTTP`,
    () => "give the port of the management API: usually 15672, with TLS 15671; AMQP's is another",
  ),
  API_REFUSED_LOGIN: entry(
    exit.notPermitted,
    (f: { url: string; user: string; reason: string }) =>
      `the management API at ${f.url} refused user ${f.user}: ${f.reason}`,
    (f) =>
      /localhost/.test(f.reason)
        ? 'make a user of your own on the host of the node (rabbitmqctl add_user, set_user_tags, set_permissions): guest is let in from there only'
        : 'give the user and password in --url http://user:password@host:port, or the password in WARREN_PASSWORD',
  ),
  API_NOT_PERMITTED: entry(
    exit.notPermitted,
    (f: { user: string; request: string; reason: string }) =>
      `user ${f.user} may not ${f.request}: ${f.reason}`,
    (f) =>
      /vhost|virtual host/i.test(f.reason)
        ? `warren permission set ${f.user} --vhost VHOST, as an administrator`
        : `warren user tags ${f.user} administrator, as an administrator (management, monitoring and policymaker allow less)`,
  ),
  API_NOT_FOUND: entry(
    exit.unavailable,
    (f: { request: string; reason: string }) => `${f.request} found nothing: ${f.reason}`,
    () => 'see that the names are right, capitals too; and which version answers: warren status',
  ),
  API_BAD_REQUEST: entry(
    exit.badData,
    (f: { request: string; reason: string }) => `the broker refused it: ${f.reason}`,
    () => 'correct what it complains of; --help shows examples',
  ),
  API_CONFLICT: entry(
    exit.unavailable,
    (f: { request: string; reason: string }) => `the broker cannot do that now: ${f.reason}`,
    () => 'see what is there now with the list and show commands, and try again',
  ),
  API_ERROR: entry(
    exit.unavailable,
    (f: { request: string; status: number; reason: string }) =>
      `${f.request} answered ${f.status}: ${f.reason}`,
    () => 'warren status, to see the cluster as each node sees it',
  ),
  NO_API: entry(
    exit.unavailable,
    (f: { cluster: string; tried: readonly string[] }) =>
      `no node of ${f.cluster} could be asked: ${f.tried.join('; ')}`,
    () => 'see which nodes run and whether they answer: warren status',
  ),
  PASSWORD_MISSING: entry(
    exit.notPermitted,
    (f: { user: string }) => `the URL holds no password of user ${f.user}, and nobody can be asked here`,
    () => 'put it into the environment variable WARREN_PASSWORD, or the whole URL into WARREN_URL',
  ),
  PASSWORD_WANTED: entry(
    exit.usage,
    (f: { user: string }) => `user ${f.user} needs a password, and nobody can be asked here`,
    () => 'give it with --password-stdin, or say where it is: --password env:NAME|file:PATH|generate',
  ),
  OBJECT_EXISTS: entry(
    exit.cannotCreate,
    (f: { what: string; name: string; next: string }) => `${f.what} ${f.name} is there already`,
    (f) => f.next,
  ),
  OBJECT_NOT_FOUND: entry(
    exit.unavailable,
    (f: { what: string; name: string; list: string; vhost?: string | undefined }) =>
      `there is no ${f.what} '${f.name}'${f.vhost === undefined ? '' : ` in vhost '${f.vhost}'`}`,
    (f) => `warren ${f.list}`,
  ),
  NOT_IN_VERSION: entry(
    exit.unavailable,
    (f: { what: string; version: string; next: string }) => `RabbitMQ ${f.version} has no ${f.what}`,
    (f) => f.next,
  ),
  PLUGIN_NEEDED: entry(
    exit.unavailable,
    (f: { plugins: readonly string[]; cluster: string }) =>
      `${f.plugins.join(' and ')} ${f.plugins.length === 1 ? 'is' : 'are'} not enabled`,
    (f) => `warren plugin enable ${f.plugins.join(' ')}${f.cluster}`,
  ),
  NO_REPLICA: entry(
    exit.unavailable,
    (f: { why: string; next: string }) => f.why,
    (f) => f.next,
  ),
  NODES_UNREACHABLE: entry(
    exit.usage,
    (f: { what: string }) => `${f.what} is done on the nodes' own hosts, which a URL does not lead to`,
    () => 'name a cluster of this machine, or a cluster file with its hosts: --cluster NAME|FILE',
  ),
  DEFINITIONS_UNREADABLE: entry(
    exit.badData,
    (f: { file: string; problem: string }) => `${f.file} holds no definitions: ${f.problem}`,
    () => 'warren definitions export --file FILE writes one',
  ),
} as const;
