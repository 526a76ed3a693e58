import type { Secret } from './secret.js';

/** What the nodes have in common of TLS; each has its own certificate, or all the same. */
export interface TlsSettings {
  /** The file of the CAs, on this machine. */
  readonly ca?: string | undefined;
  readonly verify: 'verify_none' | 'verify_peer';
  readonly fail_if_no_peer_cert: boolean;
  readonly management: boolean;
}

export interface NodeTls {
  /** The file of the certificate, on this machine. */
  readonly certificate: string;
  readonly key: Secret;
}
