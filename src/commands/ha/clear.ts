import { clearHa } from '../../operations/broker/ha.js';
import type { Done } from '../../operations/broker/objects.js';
import { BrokerCommand, destroyFlags } from '../base/broker-command.js';

export default class HaClear extends BrokerCommand {
  static override summary = 'Have the queues of a vhost replicated no longer';
  static override description = `What else the policies say stays.`;
  static override examples = ['<%= config.bin %> ha clear --yes'];
  static override flags = destroyFlags;

  async run(): Promise<Done> {
    const { flags } = await this.parse(HaClear);
    const question = `Keep one copy only of the queues in vhost ${flags.vhost}?`;
    return this.destroy(flags, question, (broker) => clearHa(broker, flags.vhost));
  }
}
