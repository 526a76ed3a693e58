import * as Flags from '@oclif/core/flags';
import { type MonitorLine, type MonitorResult, monitor } from '../operations/monitor.js';
import { jsonText } from '../view/json.js';
import { monitorLine } from '../view/monitor.js';
import { paintFor } from '../view/paint.js';
import { rulesFlag, WatchCommand, watchFlags } from './base/watch-command.js';

export default class Monitor extends WatchCommand {
  static override summary = 'Watch a cluster by rules, and tell what begins and what ends, once each';
  static override description =
    `Receivers are named in the rules file: webhooks, e-mail, commands. What it knows is in a
file, so that a restart, its own or the cluster's, tells nothing twice. Ctrl-C or SIGTERM ends it. With --ndjson each
event is a line of JSON; --once looks once, for a timer.`;

  static override examples = [
    '<%= config.bin %> monitor --once',
    '<%= config.bin %> monitor --once --json',
    '<%= config.bin %> monitor --rules alerts.yaml',
    '<%= config.bin %> monitor --url http://monitor:secret@192.0.2.101:15672 --ndjson',
  ];

  static override flags = {
    ...watchFlags,
    rules: rulesFlag,
    state: Flags.string({
      description: 'the file of what it knows (default: one a cluster)',
      helpValue: 'FILE',
    }),
    once: Flags.boolean({ description: 'look once, tell, and end' }),
    ndjson: Flags.boolean({ description: 'print each event as a line of JSON' }),
  };

  async run(): Promise<MonitorResult> {
    const { flags } = await this.parse(Monitor);
    const { rules, state, once } = flags;
    const paint = await paintFor(process.stdout, process.env);
    const tell = (line: MonitorLine) => {
      if (line.kind !== 'event') this.note(monitorLine(line, paint));
      else if (flags.ndjson) this.log(jsonText(line.notification));
      else this.log(monitorLine(line, paint));
    };
    const command = 'warren monitor';
    return monitor({ ...(await this.target(flags)), rules, state, once, command, tell }, this.surroundings);
  }
}
