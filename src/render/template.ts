import { readFile } from 'node:fs/promises';
import { packageFile } from '../package/package-file.js';

type Variables = Readonly<Record<string, unknown>>;

/**
 * Reads a template once, to be filled in for each node: a variable that is not
 * given is an error with its line.
 */
export async function template(name: string): Promise<(variables: Variables) => Promise<string>> {
  const file = packageFile(`templates/${name}.liquid`);
  const [{ Liquid }, text] = await Promise.all([import('liquidjs'), readFile(file, 'utf8')]);
  const liquid = new Liquid({ strictVariables: true, strictFilters: true });
  const parsed = liquid.parse(text);
  return (variables) => liquid.render(parsed, variables);
}
