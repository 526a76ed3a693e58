import type { HostsContext, Login } from './context.js';
import { secretKey } from './secrets.js';

/** What every broker has when it is new. It is let in from its own host only, and that is where Warren asks. */
const guest: Login = { user: 'guest', password: 'guest' };

/** The logins that the management API may take, the likeliest first: an administrator's of the file, then guest's. */
export async function loginsOf(context: HostsContext): Promise<Login[]> {
  const administrator = await administratorOf(context);
  return administrator ? [administrator, guest] : [guest];
}

/** The first administrator of the file whose password is to be had. */
export async function administratorOf({ file, secrets }: HostsContext): Promise<Login | undefined> {
  const user = file.users.find(
    ({ tags, password }) => tags.includes('administrator') && password !== undefined,
  );
  if (!user) return undefined;
  const password = await secrets.of(user.password!, secretKey.user(user.name), `user ${user.name}`);
  return { user: user.name, password: password.reveal() };
}
