import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The text of a template with its variables filled in; one that is not given is an error with its line. */
export async function renderTemplate(
  name: string,
  variables: Readonly<Record<string, unknown>>,
): Promise<string> {
  const { Liquid } = await import('liquidjs');
  const liquid = new Liquid({ strictVariables: true, strictFilters: true });
  const file = fileURLToPath(new URL(`../../templates/${name}.liquid`, import.meta.url));
  return liquid.parseAndRender(readFileSync(file, 'utf8'), variables);
}
