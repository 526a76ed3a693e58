import type { ChannelModel } from 'amqplib';
import { WarrenError } from '../../errors/warren-error.js';

/** An AMQP connection whose failure to open is one of Warren's errors. */
export async function openConnection(url: string, name: string): Promise<ChannelModel> {
  const amqp = await import('amqplib');
  const shown = withoutPassword(url);
  try {
    const connection = await amqp.connect(url, {
      timeout: 10_000,
      noDelay: true,
      clientProperties: { connection_name: name },
    });
    // The channel or the call in progress reports it; unheard, it would end the program.
    connection.on('error', () => {});
    return connection;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (/ACCESS_REFUSED|403/.test(reason)) {
      throw WarrenError.of('AMQP_REFUSED_LOGIN', { url: shown, reason }, { cause: error });
    }
    throw WarrenError.of('AMQP_UNREACHABLE', { url: shown, reason }, { cause: error });
  }
}

export function amqpUrl(port: number, vhost = '/'): string {
  return `amqp://guest:guest@127.0.0.1:${port}/${encodeURIComponent(vhost)}`;
}

function withoutPassword(url: string): string {
  return url.replace(/\/\/[^@/]*@/, '//');
}
