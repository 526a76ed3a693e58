/** Prometheus' text format, read; without what only Erlang's runtime and the plugin's own library measure. */
export interface Exposed {
  /** The TYPE and HELP lines, in their order. */
  described: string[];
  /** Each metric with the label names of its samples. */
  labels: [string, string][];
  /** Each sample that counts something of this node alone, with its labels. */
  values: [string, number][];
  value(sample: string): number | undefined;
}

const foreign = /^(# (TYPE|HELP) )?(erlang_(vm|mnesia)|telemetry)/;

export function exposed(text: string): Exposed {
  const lines = text.split('\n').filter((line) => line !== '' && !foreign.test(line));
  const samples = lines.filter((line) => !line.startsWith('#'));
  const names = samples.map((line): [string, string] => {
    const [, name = '', labels = ''] = /^(\w+)(?:\{(.*)\})? /.exec(line) ?? [];
    return [name, [...labels.matchAll(/(\w+)=/g)].map(([, label]) => label).join()];
  });
  const values = samples.map((line): [string, number] => {
    const at = line.lastIndexOf(' ');
    return [line.slice(0, at), Number(line.slice(at + 1))];
  });
  const byName = new Map(values);
  return {
    described: lines.filter((line) => line.startsWith('#')),
    labels: [...new Map(names.map((each) => [each.join(), each])).values()].sort(),
    values: values.sort(([a], [b]) => (a < b ? -1 : 1)),
    value: (sample) => byName.get(sample),
  };
}
