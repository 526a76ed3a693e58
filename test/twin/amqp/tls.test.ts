/** TLS and logins by certificate, by amqplib and, for what it hides, by raw frames. */
import { readFileSync } from 'node:fs';
import { describe, inject } from 'vitest';
import { type Certificate, certificateFile, keyFile } from '../../engines/certificates.js';
import type { Stage } from '../stage.js';
import { twin } from '../twin.js';

const folder = () => inject('twins')!.certificates;
const file = (name: string) => readFileSync(name);

/** What a client needs to trust the node and, with a certificate, to be known to it. */
function identity(certificate?: Certificate) {
  return {
    ca: file(certificateFile(folder(), 'ca')),
    servername: 'localhost',
    ...(certificate && {
      cert: file(certificateFile(folder(), certificate)),
      key: file(keyFile(folder(), certificate)),
    }),
  };
}

const external = { mechanism: 'EXTERNAL', response: () => Buffer.alloc(0) };

describe('TLS', () => {
  twin('a connection without a certificate', async (t) => {
    const connection = await t.secureConnection(identity());
    const ch = await t.channel(connection);
    await ch.assertQueue('q');
    ch.publish('', 'q', 'over TLS');
    await ch.events();
    await ch.get('q');
  });

  twin('a message larger than many records', async (t) => {
    const connection = await t.secureConnection(identity());
    const ch = await t.confirmChannel(connection);
    await ch.assertQueue('q');
    ch.publish('', 'q', Buffer.alloc(1_000_000, 'long'));
    await ch.confirms();
    await ch.get('q');
  });

  twin('EXTERNAL by the common name', async (t) => {
    const connection = await t.secureConnection(identity('guest'), external);
    const ch = await t.channel(connection);
    await ch.assertQueue('q');
  });

  twin('a password beside a certificate', async (t) => {
    const connection = await t.secureConnection(identity('nobody'));
    const ch = await t.channel(connection);
    await ch.assertQueue('q');
  });

  twin('EXTERNAL with the name of no user', async (t) => {
    await t.secureConnection(identity('nobody'), external);
  });

  twin('EXTERNAL without a certificate', async (t) => {
    await t.secureConnection(identity(), external);
  });

  twin('EXTERNAL is not offered without TLS', async (t) => {
    await t.connection({ credentials: external });
  });

  twin('a certificate that nobody vouches for', async (t) => {
    t.say('refused', (await t.attemptSecure(identity('rogue'))) === undefined);
  });

  twin('a client that speaks no TLS', async (t) => {
    const raw = await t.raw(t.node.specification.ports.amqps);
    raw.send(Buffer.from('AMQP\0\0\x09\x01', 'latin1'));
    await raw.closed();
  });

  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    twin(`${version} as the API shows it`, async (t) => {
      const tls = { ...identity('guest'), minVersion: version, maxVersion: version };
      await t.secureConnection(tls, external);
      await showConnections(t);
    });
  }
});

const shown = `auth_mechanism,user,protocol,ssl,ssl_protocol,ssl_key_exchange,ssl_cipher,ssl_hash,peer_cert_subject,peer_cert_issuer`;

/** RabbitMQ's figures come late: until the vhost's connection is there. */
async function showConnections(t: Stage): Promise<void> {
  const columns = `columns=vhost,${shown}`;
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const { body } = await t.node.api('GET', `connections?${columns}`);
    const found = (body as Record<string, unknown>[]).filter(({ vhost }) => vhost === t.vhost);
    if (found.length > 0) return t.say('connections', found);
    await t.pause(100);
  }
  t.say('no connection in the API');
}
