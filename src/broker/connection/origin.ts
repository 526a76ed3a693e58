import type { TlsFacts } from './certificate.js';
import type { Ends } from './ends.js';

/** Where a connection comes from. */
export interface Origin {
  /** As a proxy tells them, if there is one. */
  readonly ends: Ends;
  /** Address at the other end of the socket itself. */
  readonly peer: string;
  readonly tls: TlsFacts | null;
}
