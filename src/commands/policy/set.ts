import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import type { Done } from '../../operations/broker/objects.js';
import { setPolicy } from '../../operations/broker/policies.js';
import { BrokerCommand, changeFlags } from '../base/broker-command.js';

export default class PolicySet extends BrokerCommand {
  static override summary = 'Set a policy: what applies to all queues or exchanges of a name';
  static override description = `A value that reads as JSON (60000, true) is that; anything else is text.`;
  static override examples = [
    "<%= config.bin %> policy set short '^tmp' message-ttl=60000 max-length=1000 --apply-to queues",
    "<%= config.bin %> policy set cap '.*' max-length=100000 --operator --apply-to queues",
  ];
  static override strict = false;
  static override usage = 'policy set NAME PATTERN KEY=VALUE...';
  static override args = {
    name: Args.string({ description: 'the name of the policy', required: true }),
    pattern: Args.string({
      description: 'the names it applies to, a regular expression; `^(?!amq\\.)` spares the broker’s own',
      required: true,
    }),
    definition: Args.string({ description: 'what is to hold, as KEY=VALUE...', required: true }),
  };
  static override flags = {
    ...changeFlags,
    operator: Flags.boolean({ description: 'operator policies, which limit what users set' }),
    'apply-to': Flags.string({
      description: 'queues, exchanges or all; from 3.12 on also classic_queues, quorum_queues, streams',
      default: 'all',
    }),
    priority: Flags.integer({ description: 'of several policies that fit, the highest applies', default: 0 }),
  };

  async run(): Promise<Done> {
    const { args, argv, flags } = await this.parse(PolicySet);
    const { vhost, operator, priority, 'apply-to': applyTo } = flags;
    const about = { name: args.name, vhost, operator };
    return this.change(flags, (broker) =>
      setPolicy(broker, {
        ...about,
        pattern: args.pattern,
        definition: argv.slice(2).map(String),
        applyTo,
        priority,
      }),
    );
  }
}
