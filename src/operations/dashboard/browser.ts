import { execa } from 'execa';

/** The desktop's own way to open an address; false where there is none. */
export async function openInBrowser(url: string): Promise<boolean> {
  const opener = process.platform === 'darwin' ? 'open' : 'xdg-open';
  const { failed } = await execa(opener, [url], { reject: false, stdio: 'ignore', timeout: 10_000 });
  return !failed;
}
