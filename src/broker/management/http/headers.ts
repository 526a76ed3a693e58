/**
 * The headers that every answer has: those that rabbitmq.conf asks for, and what the Fetch standard wants of a
 * server whose answers other sites' pages may read (CORS). An origin that is not listed is told nothing.
 */
import type { HttpOptions } from '../../config/node-config.js';
import type { Answer, Asked } from './answer.js';

export function headersOf(options: HttpOptions, asked: Asked, answered: Answer): Record<string, string> {
  const { origin } = asked.headers;
  if (origin === undefined || !allows(options, origin)) return options.headers;
  return { ...options.headers, ...crossOrigin(options, asked, origin, answered.headers.allow) };
}

const allows = ({ corsOrigins }: HttpOptions, origin: string) =>
  corsOrigins.includes('*') || corsOrigins.includes(origin);

function crossOrigin(
  { corsMaxAge }: HttpOptions,
  { method, headers }: Asked,
  origin: string,
  allow: string | undefined,
): Record<string, string> {
  const shared = { 'access-control-allow-origin': origin, 'access-control-allow-credentials': 'true' };
  if (method !== 'OPTIONS') return shared;
  const wanted = headers['access-control-request-headers'];
  // RabbitMQ's age is left out of answers that allow headers.
  const more: Record<string, string> =
    wanted === undefined
      ? { 'access-control-max-age': String(corsMaxAge) }
      : { 'access-control-allow-headers': wanted };
  return { ...shared, ...more, ...(allow === undefined ? {} : { 'access-control-allow-methods': allow }) };
}
