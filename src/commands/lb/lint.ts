import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { exitStatus } from '../../errors/exit-status.js';
import { type LintResult, lbLint } from '../../operations/lb-lint.js';
import { findingsText } from '../../view/findings.js';
import { paintFor } from '../../view/paint.js';
import { WarrenCommand } from '../base/command.js';

export default class LbLint extends WarrenCommand {
  static override summary = "Find what bites in anybody's HAProxy and Keepalived files and check scripts";
  static override description =
    `Several files are judged together as well: both balancers' keepalived.conf (two masters, passwords that
differ, a weight that never flips the priorities), a check script and the time it is given, a virtual
address and who listens on it. Exit status 78 when there are findings as severe as --fail-on.`;

  static override strict = false;
  static override args = { file: Args.string({ description: 'files to read', required: true }) };
  static override flags = {
    'fail-on': Flags.string({
      description: 'the least severe finding that makes the exit status 78',
      options: ['error', 'warning', 'note', 'never'],
      default: 'warning',
    }),
  };

  static override examples = [
    '<%= config.bin %> lb lint haproxy.cfg',
    '<%= config.bin %> lb lint haproxy.cfg server4/keepalived.conf server5/keepalived.conf check-haproxy.sh',
    '<%= config.bin %> lb lint haproxy.cfg --fail-on error --json',
  ];

  async run(): Promise<LintResult> {
    const { argv, flags } = await this.parse(LbLint);
    const result = await lbLint(argv as string[]);
    this.log(findingsText(result.findings, result.counts, await paintFor(process.stdout, process.env)));
    const severe = ['error', 'warning', 'note'] as const;
    const failing = severe.slice(0, severe.indexOf(flags['fail-on'] as (typeof severe)[number]) + 1);
    if (failing.some((severity) => result.counts[severity] > 0)) process.exitCode = exitStatus.configuration;
    return result;
  }
}
