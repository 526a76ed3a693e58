import * as Flags from '@oclif/core/flags';
import { consume } from '../operations/consume.js';
import { bareBody, type MessageDocument, messageDocument } from '../view/message.js';
import { messageFlags } from './base/flags.js';
import { HostsCommand } from './base/hosts-command.js';

interface ConsumeResult {
  readonly node: string;
  readonly queue: string;
  readonly received: number;
  readonly messages: readonly MessageDocument[];
}

export default class Consume extends HostsCommand {
  static override summary = 'Consume messages and print their bodies, one a line';
  static override description =
    `Each message is acknowledged after it has been printed. Without --count, it goes on until
Ctrl-C, or until nothing came for --timeout seconds.`;

  static override examples = [
    '<%= config.bin %> consume --queue hello --count 1',
    '<%= config.bin %> consume --queue hello --timeout 1 --json',
  ];

  static override flags = {
    ...messageFlags,
    queue: Flags.string({ char: 'q', description: 'the queue', required: true }),
    count: Flags.integer({ char: 'n', description: 'stop after so many messages', min: 1 }),
    timeout: Flags.integer({
      description: 'stop when nothing came for so many seconds (with --count: 10)',
      min: 1,
    }),
    'no-ack': Flags.boolean({
      description: 'let the broker forget each message as it sends it; those sent beyond --count are lost',
    }),
  };

  async run(): Promise<ConsumeResult> {
    const { flags } = await this.parse(Consume);
    const messages: MessageDocument[] = [];
    const { 'no-ack': noAck, timeout, ...rest } = flags;
    const { node, received } = await consume(
      {
        ...rest,
        ssh: this.ssh(flags),
        noAck,
        timeoutSeconds: timeout,
        onMessage: (message) => {
          if (this.jsonEnabled()) messages.push(messageDocument(message));
          else process.stdout.write(bareBody(message.body, process.stdout));
        },
      },
      this.surroundings,
    );
    return { node, queue: flags.queue, received, messages };
  }
}
