/** How to log in to one machine. Passwords and passphrases are asked for when they are needed and not here. */
export interface SshLogin {
  readonly address: string;
  /** 22 when left out. */
  readonly port?: number;
  readonly user: string;
  /** Files of private keys, in the order in which they are tried. */
  readonly keys?: readonly string[];
  readonly passphrase?: string;
  readonly password?: string;
  /** The socket of an SSH agent. */
  readonly agent?: string;
  /** The file that says which keys hosts have, and that learns new ones. */
  readonly knownHosts: string;
}

/** A host as Warren reaches it. */
export interface SshTarget extends SshLogin {
  /** Its name in the cluster file, by which errors call it. */
  readonly host: string;
  /** Commands go as root through sudo. Left out: yes, unless the user is root. */
  readonly sudo?: boolean;
  readonly sudoPassword?: string;
  /** The machine through which this one is reached. */
  readonly bastion?: SshLogin;
}

export interface SshOptions {
  /** Take over the key of a host that is not known yet; a changed one is refused all the same. */
  readonly acceptNew: boolean;
  /** Told of each key that was taken over. */
  readonly accepted?: (key: AcceptedKey) => void;
  /** Asks the user. Without it, what is not known beforehand is missing. */
  readonly ask?: (question: SecretQuestion) => Promise<string>;
  /** What this machine's administrator says of hosts' keys: read besides each login's own file. */
  readonly globalKnownHosts?: string;
  /** For each step of a connection: the socket, the exchange of keys, one login. 10 s. */
  readonly stepMs?: number;
  /** 5 s; a host that leaves three unanswered is gone. */
  readonly keepaliveMs?: number;
  /** Commands at once on one connection: 8, as sshd allows 10. */
  readonly sessions?: number;
}

interface AcceptedKey {
  readonly host: string;
  readonly type: string;
  readonly fingerprint: string;
  readonly file: string;
}

/** What is asked; the same question is asked once, for all hosts that wait for its answer. */
export interface SecretQuestion {
  readonly kind: 'password' | 'passphrase' | 'sudo password' | 'code';
  /** As a prompt says it, without a colon: `password of deploy`. */
  readonly text: string;
  /** How often it was answered wrongly before. */
  readonly wrong: number;
}

export function portOf(login: SshLogin): number {
  return login.port ?? 22;
}

/** As an error names it: the port only where it is not the usual one. */
export function addressOf(login: SshLogin): string {
  return portOf(login) === 22 ? login.address : `${login.address}:${portOf(login)}`;
}
