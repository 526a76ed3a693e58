import { hostPhase } from './each-host.js';
import { paths } from './paths.js';
import { placeFile } from './place-file.js';
import { generatedSecrets } from './wanted-secrets.js';

/** What was generated is kept by every broker's host, so that losing one of them loses no secret. */
export const keepSecrets = hostPhase({
  title: 'Keep the generated secrets',
  role: 'broker',
  async run(context, host, door) {
    await generatedSecrets(context);
    const text = context.secrets.fileText();
    if (text === undefined) return;
    const file = { path: paths.secrets, text, mode: 0o600, owner: 'root', group: 'root' };
    const why = `for ${context.secrets.keys().join(', ')}`;
    await placeFile(context, host, door, file, { why, folder: '/etc/warren' });
  },
});
