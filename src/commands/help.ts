import { commands } from '@oclif/plugin-help';
import { usageError } from './base/usage-error.js';

/** As oclif has it. */
export default class Help extends commands.help {
  static override description = 'Show what a command does';
  static override examples = ['<%= config.bin %> help', '<%= config.bin %> help queue list'];

  /** A wrong flag is a usage error here too; a word that is no command is main's to explain. */
  protected override async catch(error: Error): Promise<unknown> {
    throw ('parse' in error && usageError(error, 'help')) || error;
  }
}
