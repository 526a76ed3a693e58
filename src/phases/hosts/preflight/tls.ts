import type { NodeTls } from '../../../cluster-file/tls.js';
import { type Fault, isFor, leadsToCa, namesIn, type Pair } from '../../../drivers/certificate/pair.js';
import { WarrenError } from '../../../errors/warren-error.js';
import { type Broker, brokersOf, type HostsContext } from '../context.js';
import { pairOf, tlsTexts } from '../tls/texts.js';
import { type Found, note, stops } from './rule.js';

/** Renewing takes people and forms: this is when somebody should begin. */
const soonDays = 30;
const dayMs = 86_400_000;

/**
 * The certificates that the nodes are to have, looked at on this machine before
 * a host is touched: that they can be read, fit their keys, are valid now and for
 * a while, are for the names that clients go to, and lead to the CAs of the file.
 */
export async function tlsFindings(context: HostsContext): Promise<Map<string, readonly Found[]>> {
  const found = await Promise.all(
    brokersOf(context).map(async (broker) => [broker.name, await findingsOf(context, broker)] as const),
  );
  return new Map(found);
}

async function findingsOf(context: HostsContext, broker: Broker): Promise<Found[]> {
  const { tls } = broker.node;
  if (!tls) return [];
  try {
    const texts = await tlsTexts(context, broker);
    const pair = texts && pairOf(texts);
    if (!pair) return [];
    if ('kind' in pair) return [faultOf(pair, tls, context)];
    const from = `the certificate of ${tls.certificate}`;
    return [
      ...validity(pair, from, context.now()),
      ...names(context, pair, from, broker),
      ...signed(pair, from),
    ];
  } catch (error) {
    if (!(error instanceof WarrenError)) throw error;
    const { message, why, next } = error.report;
    return [stops('TLS_UNREADABLE', why ? `${message} (${why})` : message, next)];
  }
}

function faultOf(fault: Fault, { certificate, key }: NodeTls, { file }: HostsContext): Found {
  const keyAt = key.from === 'file' ? key.path : 'the key';
  switch (fault.kind) {
    case 'key-misfit':
      return stops(
        'TLS_KEY_MISFIT',
        `${keyAt} is not the key of the certificate ${certificate}`,
        'name the key that the certificate was made for',
      );
    case 'key-encrypted':
      return stops(
        'TLS_KEY_ENCRYPTED',
        `${keyAt} is encrypted, and its password would stand in rabbitmq.conf`,
        `umask 077; openssl pkey -in ${keyAt} -out PLAIN, and name that one`,
      );
    case 'key':
      return stops('TLS_UNREADABLE', `${keyAt}: ${fault.reason}`, 'name a private key in PEM form');
    default: {
      const at = fault.kind === 'ca' ? file.rabbitmq.tls?.ca : certificate;
      return stops('TLS_UNREADABLE', `${at}: ${fault.reason}`, 'name a certificate in PEM form');
    }
  }
}

function validity({ leaf }: Pair, from: string, now: Date): Found[] {
  const [begins, ends] = [new Date(leaf.validFrom), new Date(leaf.validTo)];
  const day = (date: Date) => date.toISOString().slice(0, 10);
  const next = 'have it renewed, then: warren apply (no connection is cut)';
  if (ends <= now) return [stops('TLS_EXPIRED', `${from} has expired on ${day(ends)}`, next)];
  if (begins > now) {
    return [stops('TLS_NOT_YET', `${from} is valid from ${day(begins)} on`, 'wait, or see the clock here')];
  }
  const days = Math.floor((ends.getTime() - now.getTime()) / dayMs);
  if (days >= soonDays) return [];
  return [note('TLS_EXPIRES', `${from} expires in ${days} days, on ${day(ends)}`, next)];
}

/** Clients go to the host itself, or to a balancer that passes TLS through. */
function names(context: HostsContext, pair: Pair, from: string, { name, address }: Broker): Found[] {
  const { front_end } = context.file;
  const passes = front_end?.haproxy.tls === 'passthrough';
  const front = passes ? [...front_end.virtual_addresses, ...front_end.hosts] : [];
  const words = [name, address, ...front.map((one) => one.address)];
  if (words.some((word) => isFor(pair, word))) return [];
  return [
    note(
      'TLS_OTHER_NAME',
      `${from} is for ${namesIn(pair)}, and not for ${words.join(', ')}: a client that goes there refuses it`,
      'have clients use a name of the certificate, or have one made for these (subjectAltName)',
    ),
  ];
}

function signed(pair: Pair, from: string): Found[] {
  if (pair.cas.length === 0 || leadsToCa(pair)) return [];
  return [
    note(
      'TLS_OTHER_CA',
      `${from} does not lead to a CA of ca:`,
      "if ca: is for clients' certificates alone, that is right; if not, put what is between into the certificate's file",
    ),
  ];
}
