import type { Transport } from '../transport/transport.js';

/** Secrets that Warren made for a local cluster: a file of its folder that nobody else can read. */
export async function generatedSecret(
  transport: Transport,
  file: string,
  key: string,
  make: () => string,
): Promise<string> {
  const text = await transport.readFile(file);
  const kept = text === undefined ? {} : (JSON.parse(text) as Record<string, string>);
  const known = kept[key];
  if (known !== undefined) return known;
  const made = make();
  await transport.writeFile(file, `${JSON.stringify({ ...kept, [key]: made }, null, 2)}\n`, { mode: 0o600 });
  return made;
}
