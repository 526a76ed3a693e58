import type { Rule } from './rule.js';

/** The rules file, with all that it left out filled in. Times are milliseconds. */
export interface RulesFile {
  /** Where it was read from; nothing when it is Warren's own. */
  readonly file?: string | undefined;
  readonly intervalMs: number;
  readonly flapping: Flapping;
  readonly rules: readonly Rule[];
  readonly receivers: readonly Receiver[];
  readonly silences: readonly Silence[];
}

interface Flapping {
  readonly times: number;
  readonly withinMs: number;
}

export type Receiver = { readonly name: string } & (
  | { readonly kind: 'webhook'; readonly url: string; readonly format: 'json' | 'slack' }
  | { readonly kind: 'email'; readonly email: EmailReceiver }
  | { readonly kind: 'command'; readonly command: readonly string[] }
);

export interface EmailReceiver {
  readonly host: string;
  readonly port: number;
  readonly security: 'starttls' | 'tls' | 'none';
  readonly user?: string | undefined;
  /** A reference: env:NAME or file:PATH. */
  readonly password?: string | undefined;
  readonly from: string;
  readonly to: readonly string[];
}

export interface Silence {
  readonly rule?: string | undefined;
  readonly subject?: RegExp | undefined;
  readonly from?: number | undefined;
  readonly until?: number | undefined;
}
