/** Text in sections under bold headings, as status and cluster_status print it. */
function section(heading: string, lines: readonly string[]): string {
  return `\u001b[1m${heading}\u001b[0m\n\n${lines.length === 0 ? '' : `${lines.join('\n')}\n`}`;
}

export function sections(list: readonly (readonly [heading: string, lines: readonly string[]])[]): string {
  return list.map(([heading, lines]) => section(heading, lines)).join('\n');
}

export function orNone(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? ['(none)'] : lines;
}
