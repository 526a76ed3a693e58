interface Outcome {
  readonly host: string;
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A host's output, its name before every line; a failure says its status. */
export function execText({ host, status, stdout, stderr }: Outcome): string {
  const lines = `${stdout}${stdout && !stdout.endsWith('\n') ? '\n' : ''}${stderr}`.split('\n');
  if (lines.at(-1) === '') lines.pop();
  const said = lines.map((line) => `${host} | ${line}`);
  if (status !== 0) said.push(`${host} | ended with status ${status}`);
  return said.length === 0 ? `${host} | (no output)` : said.join('\n');
}
