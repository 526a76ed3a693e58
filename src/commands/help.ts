import { commands } from '@oclif/plugin-help';

/** As oclif has it. */
export default class Help extends commands.help {
  static override description = 'Show what a command does';
  static override examples = ['<%= config.bin %> help', '<%= config.bin %> help queue list'];
}
