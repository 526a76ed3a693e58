/** docs/tools.md is the catalogue, written out: `npx vitest run test/broker/tools/documented.test.ts -u` renews it. */
import path from 'node:path';
import { expect, it } from 'vitest';
import { type Entry, tools } from '../../../src/broker/tools/catalogue.js';

const file = path.resolve(import.meta.dirname, '../../../docs/tools.md');

it('docs/tools.md tells of every command of RabbitMQ whether it is here, and if not why', async () => {
  const parts = Object.entries(tools).map(([tool, { commands }]) => section(tool, commands));
  await expect(`${introduction}\n${parts.join('\n')}`).toMatchFileSnapshot(file);
});

const introduction = `# The bundled broker's tools

\`rabbitmqctl\`, \`rabbitmq-diagnostics\`, \`rabbitmq-queues\` and \`rabbitmq-plugins\` have every command of RabbitMQ 3.10.8 that has
a meaning here: same arguments, same answers, same exit statuses (a test compares the lists of commands with RabbitMQ's
own, and what they print with what RabbitMQ's print). The others are known: they say why they are not here, and exit 64.
What differs in those that are here is in [differences.md](differences.md).
`;

function section(tool: string, commands: Readonly<Record<string, Entry>>): string {
  const names = Object.keys(commands).sort();
  const here = names.filter((name) => commands[name]!.load !== null);
  const refused = names.filter((name) => commands[name]!.load === null);
  const table = (heading: string, rows: readonly string[]) =>
    rows.length === 0 ? '' : `\n| ${heading} |\n|---|---|\n${rows.join('\n')}\n`;
  return `## ${tool}\n${table(
    'here | what it does',
    here.map((name) => `| \`${name}\` | ${commands[name]!.description} |`),
  )}${table(
    'not here | why',
    refused.map((name) => `| \`${name}\` | ${commands[name]!.refusal} |`),
  )}`;
}
