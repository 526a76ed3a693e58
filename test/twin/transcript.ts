/**
 * What a scenario saw, line by line, in words that do not depend on the run:
 * generated names, process ids, ports, node names and times are replaced.
 */
import { createHash } from 'node:crypto';

export class Transcript {
  private readonly lines: string[] = [];

  /**
   * Pairs of a text of this run and the word that stands for it; and for how many milliseconds a broker that
   * says nothing is taken to have said all that it has to say.
   */
  constructor(
    private readonly names: readonly (readonly [string, string])[],
    readonly quiet = 150,
  ) {}

  say(label: string, ...values: unknown[]): void {
    this.lines.push(this.normalise([label, ...values.map(show)].join(' ')));
  }

  get text(): string {
    return this.lines.join('\n');
  }

  /** The line with this run's own names, numbers and times replaced. */
  normalise(line: string): string {
    const named = this.names.reduce((text, [name, word]) => text.replaceAll(name, word), line);
    return (
      named
        .replaceAll(/amq\.ctag-[\w-]{22}/g, 'amq.ctag-*')
        .replaceAll(/amq\.gen-[\w-]{22}/g, 'amq.gen-*')
        .replaceAll(/amq\.rabbitmq\.reply-to\.[\w=+/.-]+/g, 'amq.rabbitmq.reply-to.*')
        .replaceAll(/rabbitmq-cluster-id-[\w-]{22}/g, 'rabbitmq-cluster-id-*')
        .replaceAll(/<[^<> ]*\d+\.\d+\.\d+>/g, '<pid>')
        .replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:*')
        // Erlang breaks a long term into lines.
        .replaceAll(/,\\n +/g, ',')
        // RabbitMQ says one or the other, whichever of two of its processes is faster.
        .replaceAll(/(vhost '[^']*' is) (?:deleted|down)\b/g, '$1 gone')
    );
  }
}

/** JSON with sorted keys, without what is undefined, and bytes as text where they are text. */
export function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (value === undefined) return 'undefined';
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  if (Buffer.isBuffer(value)) return showBytes(value);
  if (Array.isArray(value)) return `[${value.map(show).join(', ')}]`;
  if (typeof value === 'object' && value !== null) return showObject(value as Record<string, unknown>);
  return String(value);
}

function showObject(value: Record<string, unknown>): string {
  if (value['!'] === 'timestamp' || value['!'] === 'timestamp64') return '<time>';
  const entries = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${entries.map(([key, item]) => `${key}: ${show(item)}`).join(', ')}}`;
}

function showBytes(bytes: Buffer): string {
  if (bytes.length > 200)
    return `<${bytes.length} bytes, ${createHash('sha256').update(bytes).digest('hex').slice(0, 12)}>`;
  const text = bytes.toString('utf8');
  return /^[\P{Cc}\n]*$/u.test(text) ? `'${text}'` : `0x${bytes.toString('hex')}`;
}
