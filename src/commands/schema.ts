import { WarrenCommand } from './base/command.js';

export default class Schema extends WarrenCommand {
  static override summary = 'Show the JSON Schema of the cluster file, for editors';
  static override description =
    `Editors with a YAML language server complete and check a cluster file that begins with
# yaml-language-server: $schema=./warren.schema.json`;

  static override examples = ['<%= config.bin %> schema > warren.schema.json'];

  async run(): Promise<Record<string, unknown>> {
    await this.parse(Schema);
    const { jsonSchema } = await import('../cluster-file/json-schema.js');
    const schema = jsonSchema();
    if (!this.jsonEnabled()) this.logJson(schema);
    return schema;
  }
}
