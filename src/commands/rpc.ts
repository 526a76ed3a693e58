import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { rpc } from '../operations/rpc.js';
import { bareBody, type MessageDocument, messageDocument } from '../view/message.js';
import { HostsCommand } from './base/hosts-command.js';
import { addressFlags, addressOf, standardInput } from './base/publish-flags.js';

export default class Rpc extends HostsCommand {
  static override summary = 'Send a request and print the answer';
  static override description =
    `The answer comes by direct reply-to: no queue is made for it. Without one in time it ends with status 75, and with 69
where no queue takes the request. Who answers publishes to the default exchange, with the request's reply_to as
the routing key and its correlation_id as it is.`;
  static override examples = [
    '<%= config.bin %> rpc --queue hello "How much is ham?" --timeout 1 || test $? = 75',
    'echo "spam" | <%= config.bin %> rpc --exchange amq.topic --routing-key prices.get --json || test $? = 69',
  ];
  static override args = {
    body: Args.string({ description: 'the body of the request; without it, standard input is' }),
  };
  static override flags = {
    ...addressFlags,
    timeout: Flags.integer({ description: 'seconds to wait for the answer', default: 10, min: 1 }),
  };

  async run(): Promise<MessageDocument> {
    const { args, flags } = await this.parse(Rpc);
    const address = addressOf(flags, 'rpc');
    const body = args.body ?? (await standardInput((text) => this.note(text)));
    const answer = await rpc(
      { ...flags, ...address, ssh: this.ssh(flags), body, timeoutSeconds: flags.timeout },
      this.surroundings,
    );
    if (!this.jsonEnabled()) process.stdout.write(bareBody(answer.body, process.stdout));
    return messageDocument(answer);
  }
}
