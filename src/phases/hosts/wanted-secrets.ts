import type { HostsContext } from './context.js';
import { secretKey } from './secrets.js';

/** Looks up every secret of the file that is to be generated, so that all are known before the first is used. */
export async function generatedSecrets({ file, secrets }: HostsContext): Promise<void> {
  for (const { name, password } of file.users) {
    if (password?.from === 'generate') await secrets.of(password, secretKey.user(name), `user ${name}`);
  }
  if (!file.front_end) return;
  const { haproxy, auth_pass } = file.front_end;
  const wanted = [
    [haproxy.stats_password, secretKey.stats],
    [haproxy.check_password, secretKey.check],
    [auth_pass, secretKey.vrrp],
  ] as const;
  for (const [secret, key] of wanted) if (secret?.from === 'generate') await secrets.of(secret, key, key);
}
