import * as Flags from '@oclif/core/flags';
import { WarrenError } from '../errors/warren-error.js';
import type { MemberChangeResult } from '../operations/change-members.js';
import { destroy } from '../operations/destroy.js';
import { DayTwoCommand, hostReachFlags, targetFlag } from './base/day-two-command.js';
import { hostFlags } from './base/host-flags.js';

export default class Destroy extends DayTwoCommand {
  static override summary = 'Take a cluster off its hosts, with all its messages';
  static override description =
    `Services are stopped and disabled, data and configuration are removed; with --purge, so are
the packages that warren installed. Files that warren did not write stay, and what it had replaced is put back.
You are asked to type the name of the cluster.`;

  static override examples = [
    '<%= config.bin %> destroy --cluster warren.yaml --dry-run',
    '<%= config.bin %> destroy --cluster five-hosts.yaml --purge --confirm notes',
  ];

  static override flags = {
    cluster: targetFlag,
    ...hostReachFlags,
    limit: hostFlags.limit,
    purge: Flags.boolean({ description: 'remove the packages too' }),
    confirm: Flags.string({
      description: 'the name of the cluster, instead of typing it',
      helpValue: 'NAME',
    }),
    'dry-run': Flags.boolean({ description: 'show what would be done on each host, and do nothing' }),
  };

  async run(): Promise<MemberChangeResult> {
    const { flags } = await this.parse(Destroy);
    const file = await this.onlyHosts(flags.cluster);
    const options = await this.changeOptions(file, { ...flags, yes: true });
    const confirm = async (consequences: readonly string[]) => {
      const name = flags.confirm ?? (await this.#typedName(consequences));
      if (name !== file.name) throw WarrenError.of('NAME_NOT_TYPED', { cluster: file.name });
    };
    const { limit, purge } = flags;
    return this.tellChange(await destroy({ ...options, confirm, limit, purge }, this.surroundings));
  }

  async #typedName(consequences: readonly string[]): Promise<string | undefined> {
    if (this.jsonEnabled() || !process.stdin.isTTY) return undefined;
    const { input } = await import('@inquirer/prompts');
    for (const consequence of consequences) this.note(consequence);
    return input({ message: 'To go on, type the name of the cluster:' }, { output: process.stderr });
  }
}
