/**
 * TLS, the PROXY protocol and the names in certificates, as rabbitmq.conf has them. The files' names are checked
 * here, so that a wrong one is an error with its line; they are read when the listener opens.
 */
import { accessSync, constants } from 'node:fs';
import { BadValue, flag, integer, listener, oneOf, port, type Reader, text } from './conf-value.js';
import { type Setting, type Settings, setting, type TlsSettings } from './setting.js';

/** RabbitMQ's, on the Erlang that it comes with. */
export function defaultTls(): TlsSettings {
  return {
    cacertfile: null,
    certfile: null,
    keyfile: null,
    password: null,
    verify: false,
    failIfNoPeerCert: false,
    depth: 10,
    versions: [],
    ciphers: [],
    honorCipherOrder: false,
    dhfile: null,
    renegotiation: true,
    handshakeTimeout: 5000,
  };
}

const readableFile: Reader<string> = (value) => {
  try {
    accessSync(value, constants.R_OK);
    return value;
  } catch {
    throw new BadValue(`${value} does not exist or cannot be read by this node`);
  }
};

/** Nothing of rabbitmq.conf says where revocation lists are: whoever insists on them would have no client let in. */
const withoutRevocation: Reader<string> = (value) => {
  const known = oneOf('true', 'false', 'peer', 'best_effort')(value);
  if (known === 'false' || known === 'best_effort') return known;
  throw new BadValue(
    `the bundled broker does not look up revoked certificates; false and best_effort are taken`,
  );
};

export const tlsSettings: Setting[] = [
  setting(
    'listeners.ssl',
    (value) => {
      if (value !== 'none') throw new BadValue(`"${value}" is not "none"; to add one, write key.1 = …`);
    },
    (to) => to.ssl.clear(),
  ),
  setting('listeners.ssl.$name', listener, (to, value, name) => to.ssl.set(name, value)),
  ...(['management', 'prometheus'] as const).flatMap((plugin) => [
    setting(`${plugin}.ssl.port`, port, (to, value) => {
      to[`${plugin}Tls`].port = value;
    }),
    setting(`${plugin}.ssl.ip`, text, (to, value) => {
      to[`${plugin}Tls`].address = value;
    }),
    ...optionsOf(`${plugin}.ssl`, (to) => to[`${plugin}Tls`].tls),
  ]),
  setting('ssl_handshake_timeout', integer(1), (to, value) => {
    to.tls.handshakeTimeout = value;
  }),
  setting('proxy_protocol', flag, (to, value) => {
    to.proxyProtocol = value;
  }),
  setting('auth_mechanisms.$name', text, (to, value, name) => to.mechanisms.set(name, value)),
  ...loginSettings(),
  ...optionsOf('ssl_options', (to) => to.tls),
];

function loginSettings(): Setting[] {
  const sources = [
    'distinguished_name',
    'common_name',
    'subject_alternative_name',
    'subject_alt_name',
  ] as const;
  return [
    setting('ssl_cert_login_from', oneOf(...sources), (to, from) => {
      to.certificateLogin.from = from;
    }),
    setting('ssl_cert_login_san_type', oneOf('dns', 'ip', 'email', 'uri', 'other_name'), (to, value) => {
      to.certificateLogin.sanType = value;
    }),
    setting('ssl_cert_login_san_index', integer(), (to, value) => {
      to.certificateLogin.sanIndex = value;
    }),
  ];
}

function optionsOf(prefix: string, tls: (to: Settings) => TlsSettings): Setting[] {
  const files = ['cacertfile', 'certfile', 'keyfile'] as const;
  return [
    ...files.map((key) =>
      setting(`${prefix}.${key}`, readableFile, (to, value) => {
        tls(to)[key] = value;
      }),
    ),
    setting(`${prefix}.password`, text, (to, value) => {
      tls(to).password = value;
    }),
    setting(`${prefix}.verify`, oneOf('verify_peer', 'verify_none'), (to, value) => {
      tls(to).verify = value === 'verify_peer';
    }),
    setting(`${prefix}.fail_if_no_peer_cert`, flag, (to, value) => {
      tls(to).failIfNoPeerCert = value;
    }),
    setting(`${prefix}.versions.$version`, oneOf('tlsv1.3', 'tlsv1.2', 'tlsv1.1', 'tlsv1'), (to, value) =>
      tls(to).versions.push(value),
    ),
    setting(`${prefix}.honor_cipher_order`, flag, (to, value) => {
      tls(to).honorCipherOrder = value;
    }),
    setting(`${prefix}.depth`, integer(0, 255), (to, value) => {
      tls(to).depth = value;
    }),
    setting(`${prefix}.dhfile`, readableFile, (to, value) => {
      tls(to).dhfile = value;
    }),
    setting(`${prefix}.client_renegotiation`, flag, (to, value) => {
      tls(to).renegotiation = value;
    }),
    setting(`${prefix}.crl_check`, withoutRevocation, () => {}),
    setting(`${prefix}.ciphers.$cipher`, text, (to, value) => tls(to).ciphers.push(value)),
  ];
}
