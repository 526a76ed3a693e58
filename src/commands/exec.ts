import * as Flags from '@oclif/core/flags';
import { type ExecResult, exec } from '../operations/exec.js';
import { execText } from '../view/exec.js';
import { DayTwoCommand, hostReachFlags, targetFlag } from './base/day-two-command.js';

export default class Exec extends DayTwoCommand {
  static override summary = 'Run a command on all hosts of a cluster file, side by side, as root';
  static override description =
    `Each line of output has its host before it. The exit status is the worst of all. A shell's
words need a shell: -- sh -c '...'.`;

  static override examples = [
    '<%= config.bin %> exec --cluster warren.yaml --dry-run -- uptime',
    "<%= config.bin %> exec --cluster warren.yaml --role broker --dry-run -- sh -c 'rabbitmqctl --quiet list_queues | wc -l'",
  ];

  static override strict = false;
  static override usage = 'exec [FLAGS] -- COMMAND...';
  static override flags = {
    cluster: targetFlag,
    ...hostReachFlags,
    limit: Flags.string({
      description: 'on these hosts only',
      helpValue: 'HOST',
      multiple: true,
      multipleNonGreedy: true,
      delimiter: ',',
    }),
    role: Flags.string({ description: 'on the hosts of this role', options: ['broker', 'balancer'] }),
    timeout: Flags.integer({ description: 'seconds that it may take on a host', default: 600, min: 1 }),
    'dry-run': Flags.boolean({ description: 'show on which hosts it would be run, and do nothing' }),
  };

  async run(): Promise<ExecResult> {
    const { argv, flags } = await this.parse(Exec);
    const file = await this.onlyHosts(flags.cluster);
    const words = argv.map(String);
    const dryRun = flags['dry-run'];
    const result = await exec(
      {
        file,
        ssh: this.ssh(flags),
        concurrency: flags.concurrency,
        limit: flags.limit,
        role: flags.role as 'broker' | 'balancer' | undefined,
        timeoutSeconds: flags.timeout,
        words,
        dryRun,
        command: this.typed,
        tell: (outcome) => this.log(dryRun ? `${outcome.host}: ${words.join(' ')}` : execText(outcome)),
      },
      this.surroundings,
    );
    process.exitCode = result.status;
    return result;
  }
}
