import type { ClusterFile } from '../cluster-file/cluster-file.js';
import type { FrontEnd } from '../cluster-file/front-end.js';
import { type HaproxyInput, haproxyConf, healthPort } from './haproxy-conf.js';
import { checkScriptPath, type KeepalivedInput, keepalivedConf } from './keepalived-conf.js';
import { publicFile, type RenderedFile } from './rendered-file.js';
import { template } from './template.js';

/** haproxy.cfg, which holds a password of the brokers. */
export async function haproxyFile(
  file: ClusterFile,
  frontEnd: FrontEnd,
): Promise<(input: HaproxyInput) => Promise<RenderedFile>> {
  const write = await haproxyConf(file, frontEnd);
  return async (input) => ({
    path: '/etc/haproxy/haproxy.cfg',
    text: await write(input),
    mode: 0o640,
    owner: 'root',
    group: 'haproxy',
  });
}

export async function keepalivedFile(
  file: ClusterFile,
  frontEnd: FrontEnd,
): Promise<(input: KeepalivedInput) => Promise<RenderedFile>> {
  const write = await keepalivedConf(file, frontEnd);
  return async (input) => ({
    path: '/etc/keepalived/keepalived.conf',
    text: await write(input),
    mode: 0o640,
    owner: 'root',
    group: 'root',
  });
}

/** Two open files for each connection, and some for the checks, the statistics and the logs. */
export async function haproxyLimits({ haproxy }: FrontEnd): Promise<RenderedFile> {
  const fill = await template('limits.conf');
  const text = await fill({ openFiles: 2 * haproxy.maxconn + 1_000 });
  return publicFile('/etc/systemd/system/haproxy.service.d/limits.conf', text);
}

/** The script by which Keepalived knows whether HAProxy answers. */
export async function checkScriptFile(frontEnd: FrontEnd): Promise<RenderedFile> {
  const fill = await template('check-haproxy.sh');
  const text = await fill({ healthPort: healthPort(frontEnd) });
  return { ...publicFile(checkScriptPath, text), mode: 0o755 };
}
