import * as Flags from '@oclif/core/flags';
import { WarrenError } from '../../errors/warren-error.js';
import { setHa } from '../../operations/broker/ha.js';
import type { Done } from '../../operations/broker/objects.js';
import { BrokerCommand, changeFlags } from '../base/broker-command.js';

export default class HaSet extends BrokerCommand {
  static override summary = 'Have queues replicated, by what the version of the broker has';
  static override description =
    `Up to 3.13 classic queues are mirrored by a policy: a new mirror is synchronised by itself, and only a
synchronised one takes the place of a leader that failed. From 4.0 on, which has no mirrors, queues declared
without a type become quorum queues.`;
  static override examples = [
    '<%= config.bin %> ha set',
    '<%= config.bin %> ha set --replicas 2 --sync automatic',
  ];
  static override flags = {
    ...changeFlags,
    replicas: Flags.string({
      description: 'on how many nodes, leader included: all, or a number',
      helpValue: 'all|N',
      default: 'all',
    }),
    sync: Flags.string({
      description: 'whether a new mirror is filled by itself (mirrors only; default: automatic)',
      options: ['automatic', 'manual'],
    }),
    pattern: Flags.string({ description: 'which queues, by name', default: '^(?!amq\\.)' }),
  };

  async run(): Promise<Done> {
    const { flags } = await this.parse(HaSet);
    const { vhost, pattern, replicas, sync } = flags;
    const copies = replicas === 'all' ? replicas : Number(replicas);
    if (copies !== 'all' && !(Number.isInteger(copies) && copies > 0)) {
      throw WarrenError.of('USAGE', {
        problem: `--replicas ${replicas} is neither all nor a number`,
        command: 'ha set',
      });
    }
    return this.change(flags, (broker) =>
      setHa(broker, { vhost, pattern, replicas: copies, sync: sync as 'automatic' | 'manual' | undefined }),
    );
  }
}
