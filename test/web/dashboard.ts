/** `warren dashboard` as a user starts it, until it is ended with Ctrl-C. */
import { once } from 'node:events';
import { Warren } from '../commands/warren.js';
import { until } from '../engines/until.js';

export interface Dashboard {
  readonly url: string;
  /** Answers its exit status. */
  end(): Promise<number | null>;
}

export async function startDashboard(...args: string[]): Promise<Dashboard> {
  const warren = new Warren();
  const child = warren.start(['dashboard', ...args, '--json']);
  let said = '';
  let complained = '';
  child.stdout?.on('data', (chunk) => {
    said += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    complained += chunk;
  });
  const exited = once(child, 'exit');
  await until('the dashboard says where it is', async () => {
    if (child.exitCode !== null) throw new Error(`the dashboard ended: ${said}${complained}`);
    return said.includes('}');
  });
  return {
    url: (JSON.parse(said) as { url: string }).url,
    async end() {
      child.kill('SIGINT');
      const [status] = (await exited) as [number | null];
      await warren.destroy();
      return status;
    },
  };
}
