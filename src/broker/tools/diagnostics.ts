/** What the tools say when a node cannot be talked to: what they tried, what they found, what to do. */
import type { LinkError } from '../cluster/link/errors.js';
import { cookieHash } from '../config/cookie.js';
import { homeOf } from '../config/environment.js';
import { erlangAtom } from './formatters/erlang.js';
import type { Session } from './session.js';

export function nodeDown(error: LinkError, session: Session, host: string): string {
  const { node } = error;
  return `Error: unable to perform an operation on node '${node}'. Please see diagnostics information and suggestions below.

Most common reasons for this are:

 * Target node is unreachable (e.g. due to hostname resolution, TCP connection or firewall issues)
 * CLI tool fails to authenticate with the server (e.g. due to CLI tool's Erlang cookie not matching that of the server)
 * Target node is not running

In addition to the diagnostics info below:

 * See the CLI, clustering and networking guides on https://rabbitmq.com/documentation.html to learn more
 * Consult server logs on node ${node}
 * If target node is configured to use long node names, don't forget to use --longnames with CLI tools

DIAGNOSTICS
===========

attempted to contact: [${erlangAtom(node)}]

${node}:
${findings(error, session)
  .map((text) => `  * ${text}\n`)
  .join('')}

Current node details:
 * node name: 'rabbitmqcli-${process.pid}-rabbit@${host}'
 * effective user's home directory: ${homeOf(session.env)}
 * Erlang cookie hash: ${hashOf(session)}

`.replace('\n\n\nCurrent', '\n\nCurrent');
}

function findings(error: LinkError, { registry, node }: Session): string[] {
  const [name, host] = node.split('@') as [string, string];
  const entry = registry.lookup(error.node);
  if (entry === null) {
    const others = registry.list().map((other) => erlangAtom(other.name.split('@')[0]!));
    return [
      `looked in the registry of this machine's nodes, ${registry.folder} (in place of epmd)`,
      `the registry reports: node '${name}' not running at all\n                  ${
        others.length === 0 ? `no other nodes on ${host}` : `other nodes on ${host}: [${others.join(',')}]`
      }`,
      'suggestion: start the node',
    ];
  }
  const found = [
    `looked in the registry of this machine's nodes, ${registry.folder} (in place of epmd)`,
    `the registry reports node '${name}' uses port ${entry.port} for inter-node and CLI tool traffic `,
  ];
  if (error.code === 'wrong_cookie') {
    return [
      ...found,
      'TCP connection succeeded but Erlang distribution failed ',
      'suggestion: check if the Erlang cookie is identical for all server nodes and CLI tools',
      'suggestion: check if all server nodes and CLI tools use consistent hostnames when addressing each other',
    ];
  }
  return [...found, `TCP connection failed: ${error.message}`, 'suggestion: consult the log of the node'];
}

function hashOf(session: Session): string {
  try {
    return cookieHash(session.cookie);
  } catch {
    return '(none)';
  }
}
