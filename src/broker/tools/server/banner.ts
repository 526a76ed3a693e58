/** What an operator sees when a node starts: on the terminal, and at the head of its log. */
import { cookieHash } from '../../config/cookie.js';
import type { NodeConfig } from '../../config/node-config.js';
import { compatibleVersion } from '../../config/plugins.js';
import { runtimeVersion } from '../runtime-version.js';

export function banner(config: NodeConfig, version: string): string {
  const [first, ...others] = logs(config);
  return `
   (\\ /)     Warren ${version}
   ( . .)    the bundled broker, compatible with RabbitMQ ${compatibleVersion}
   (")(")    Apache-2.0

  Runtime:     ${runtimeVersion}
  Node:        ${config.nodeName}

  Logs: ${[first, ...others].join('\n        ')}

  Config file(s): ${config.configFile ?? '(none)'}

`;
}

export function startLines(config: NodeConfig, version: string): string[] {
  const [first, ...others] = logs(config);
  return [
    `\n Starting Warren ${version} on ${runtimeVersion}, compatible with RabbitMQ ${compatibleVersion}`,
    [
      '',
      ` node           : ${config.nodeName}`,
      ` home dir       : ${config.directories.home}`,
      ` config file(s) : ${config.configFile ?? '(none)'}`,
      ` cookie hash    : ${cookieHash(config.cookie)}`,
      ` log(s)         : ${[first, ...others].join('\n                : ')}`,
      ` database dir   : ${config.directories.mnesia}`,
    ].join('\n'),
  ];
}

function logs({ log }: NodeConfig): string[] {
  const all = [...(log.file === null ? [] : [log.file]), ...(log.console ? ['<stdout>'] : [])];
  return all.length === 0 ? ['(none)'] : all;
}
