import type { ClusterFile } from '../../cluster-file/cluster-file.js';
import { readClusterFile } from '../../cluster-file/read.js';
import type { SshOptions } from '../../operations/open-host.js';
import { WarrenCommand } from './command.js';

/** A command about the hosts of a cluster file. */
export abstract class HostsCommand extends WarrenCommand {
  /** Reads the file, and says what of it is likely to be regretted. */
  protected async clusterFile(name: string): Promise<ClusterFile> {
    const file = await readClusterFile(name);
    for (const { where, message, suggestion } of file.warnings) {
      this.note(`warning: ${where}: ${message}; ${suggestion}`);
    }
    return file;
  }

  /** How hosts are reached: what is done about unknown keys, and how the user is asked for what is missing. */
  protected ssh(flags: { readonly 'accept-new': boolean }): SshOptions {
    const asks = !this.jsonEnabled() && process.stdin.isTTY;
    return {
      acceptNew: flags['accept-new'],
      globalKnownHosts: '/etc/ssh/ssh_known_hosts',
      accepted: ({ host, type, fingerprint, file }) =>
        this.note(`${host}: took over its key ${type} ${fingerprint} into ${file}`),
      ...(asks ? { ask } : {}),
    };
  }
}

async function ask({ text, wrong }: { readonly text: string; readonly wrong: number }): Promise<string> {
  const { password } = await import('@inquirer/prompts');
  const message = wrong > 0 ? `${text} (that was wrong)` : text;
  return password({ message, mask: true }, { output: process.stderr });
}
