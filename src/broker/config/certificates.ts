/**
 * When the certificates of a listener end. A file may hold several; one that cannot be read or understood ends
 * nothing: whoever asks is told of those that are known.
 */
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { TlsOptions } from './node-config.js';

export const periods = ['days', 'weeks', 'months', 'years'] as const;
type Period = (typeof periods)[number];

export const isPeriod = (word: string): word is Period => (periods as readonly string[]).includes(word);

const days: Record<Period, number> = { days: 1, weeks: 7, months: 30, years: 365 };

/** The time so long after now, counted as RabbitMQ does: a month has 30 days. */
export const after = (count: number, period: Period): number =>
  Date.now() + count * days[period] * 24 * 60 * 60 * 1000;

/** A listener's files and the ends, in RabbitMQ's notation, of those certificates in them that end by then; null = none does. */
export interface Expiring {
  cacertfile: string | null;
  cacertfile_expires_on: string[];
  certfile: string;
  certfile_expires_on: string[];
}

export function expiring({ cacertfile, certfile }: TlsOptions, by: number): Expiring | null {
  const authority = cacertfile === null ? [] : endsBy(cacertfile, by);
  const own = endsBy(certfile, by);
  if (authority.length + own.length === 0) return null;
  return { cacertfile, cacertfile_expires_on: authority, certfile, certfile_expires_on: own };
}

function endsBy(file: string, by: number): string[] {
  return endsIn(file)
    .filter((end) => end <= by)
    .map((end) => new Date(end).toISOString().slice(0, 19).replace('T', ' '));
}

function endsIn(file: string): number[] {
  try {
    const pem = readFileSync(file, 'utf8');
    const blocks = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
    return blocks.map((block) => Date.parse(new X509Certificate(block).validTo));
  } catch {
    return [];
  }
}
