import { rmdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Where the files of one node of a local cluster are. */
export interface NodeFolders {
  readonly root: string;
  readonly data: string;
  readonly log: string;
  readonly configuration: string;
  readonly enabledPlugins: string;
  readonly pidFile: string;
  readonly launcherPidFile: string;
  /** What the node wrote to its terminal. */
  readonly output: string;
}

/** Where the files of one local cluster are. */
export interface ClusterFolders {
  readonly root: string;
  readonly record: string;
  /** HOME of the nodes and of their tools: `.erlang.cookie` is here. */
  readonly home: string;
  readonly cookie: string;
  /** The passwords that were made for this cluster. */
  readonly secrets: string;
  /** The engine's executables, each with the cluster's HOME. */
  readonly bin: string;
  node(nodeName: string): NodeFolders;
}

export function stateRoot(env: Readonly<Record<string, string | undefined>>): string {
  const base = env.XDG_STATE_HOME || join(env.HOME || '/', '.local', 'state');
  return join(base, 'warren');
}

export function clustersRoot(state: string): string {
  return join(state, 'clusters');
}

export function lockFile(state: string, cluster: string): string {
  return join(state, 'locks', `${cluster}.lock`);
}

export function clusterFolders(state: string, cluster: string): ClusterFolders {
  const root = join(clustersRoot(state), cluster);
  const home = join(root, 'home');
  return {
    root,
    record: join(root, 'cluster.json'),
    home,
    cookie: join(home, '.erlang.cookie'),
    secrets: join(root, 'secrets.json'),
    bin: join(root, 'bin'),
    node: (nodeName) => nodeFolders(join(root, 'nodes', nodeName.replace(/@.*$/, ''))),
  };
}

function nodeFolders(root: string): NodeFolders {
  return {
    root,
    data: join(root, 'data'),
    log: join(root, 'log'),
    configuration: join(root, 'rabbitmq.conf'),
    enabledPlugins: join(root, 'enabled_plugins'),
    pidFile: join(root, 'node.pid'),
    launcherPidFile: join(root, 'launcher.pid'),
    output: join(root, 'output.log'),
  };
}

/** The folders that all clusters share go with the last cluster. */
export async function removeEmptyFolders(state: string): Promise<void> {
  for (const folder of [join(state, 'locks'), clustersRoot(state), state])
    await rmdir(folder).catch(() => {});
}
