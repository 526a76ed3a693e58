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

export function portOf(login: SshLogin): number {
  return login.port ?? 22;
}

/** As an error names it: the port only where it is not the usual one. */
export function addressOf(login: SshLogin): string {
  return portOf(login) === 22 ? login.address : `${login.address}:${portOf(login)}`;
}
