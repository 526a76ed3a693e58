import { z } from 'zod';
import { address, path, port, secret, userName } from './words.js';

const access = {
  user: userName.optional().describe('Who logs in; root unless given.'),
  port: port.optional().describe('22 unless given.'),
  key: path.optional().describe('A private key; without one, the agent and the usual keys are tried.'),
  passphrase: secret.optional().describe('What the key is encrypted with.'),
  password: secret.optional().describe('For hosts that take a password.'),
  agent: z.boolean().optional().describe('Whether to ask the agent of SSH_AUTH_SOCK; yes unless given.'),
  known_hosts: path.optional().describe('~/.ssh/known_hosts unless given.'),
};

/** How hosts are reached; what is left out on a node is taken from the top of the file. */
export const ssh = z.strictObject({
  ...access,
  bastion: z
    .strictObject({ address, ...access })
    .optional()
    .describe('A host that the connections go through.'),
  sudo: z.boolean().optional().describe('Whether to become root by sudo; yes for every user but root.'),
  sudo_password: secret.optional().describe('For hosts whose sudo asks for a password.'),
});
