import { utils } from 'ssh2';

/**
 * An Ed25519 pair. About one in two hundred that ssh2 makes it cannot read itself
 * (a leading zero is lost), so pairs are made until one is whole.
 */
export function ed25519Pair(passphrase?: string) {
  for (;;) {
    const pair =
      passphrase === undefined
        ? utils.generateKeyPairSync('ed25519')
        : utils.generateKeyPairSync('ed25519', { passphrase, cipher: 'aes256-ctr', rounds: 4 });
    const parsed = [utils.parseKey(pair.private, passphrase), utils.parseKey(pair.public)];
    if (!parsed.some((key) => key instanceof Error)) return pair;
  }
}
