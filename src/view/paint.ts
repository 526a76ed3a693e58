/** Colours by their meaning; where there is no terminal to show them, text as it is. */
export interface Paint {
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly quiet: (text: string) => string;
}

const same = (text: string) => text;

export const plain: Paint = { good: same, bad: same, quiet: same };

/** https://no-color.org: NO_COLOR, whatever its value, means none. */
export async function paintFor(
  stream: { readonly isTTY?: boolean },
  env: Readonly<Record<string, string | undefined>>,
): Promise<Paint> {
  if (!stream.isTTY || env.NO_COLOR) return plain;
  const { default: chalk } = await import('chalk');
  return { good: chalk.green, bad: chalk.red, quiet: chalk.dim };
}
