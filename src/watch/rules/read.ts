import { readFile } from 'node:fs/promises';
import { WarrenError } from '../../errors/warren-error.js';
import type { RulesFile } from './rules-file.js';

/** Reads a rules file; its first error is thrown with file, line and column. Without one, Warren's own rules. */
export async function readRules(file: string | undefined): Promise<RulesFile> {
  if (file === undefined) return parseRules('{}', undefined);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw WarrenError.of('RULES_FILE_MISSING', { file }, { why: (error as Error).message, cause: error });
  }
  return parseRules(text, file);
}

export async function parseRules(text: string, file: string | undefined): Promise<RulesFile> {
  const [{ Text }, { problemsOf }, { rulesSchema }, { findingsOf }, { normalise }] = await Promise.all([
    import('../../cluster-file/text.js'),
    import('../../cluster-file/problems.js'),
    import('./schema.js'),
    import('./findings.js'),
    import('./normalise.js'),
  ]);
  const source = Text.parse(text, file ?? 'the rules of Warren', 'RULES_FILE_INVALID');
  const parsed = rulesSchema.safeParse(source.value);
  if (!parsed.success) throw source.invalid(problemsOf(parsed.error.issues, source, rulesSchema));
  const errors = findingsOf(parsed.data);
  if (errors.length > 0) throw source.invalid(errors.map((finding) => source.problem(finding)));
  return normalise(parsed.data, file);
}
