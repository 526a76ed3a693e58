import { WarrenError } from '../../errors/warren-error.js';

/** Asks before something is destroyed; where nobody can answer, `--yes` must. */
export async function confirm(question: string, given: { yes: boolean; json: boolean }): Promise<void> {
  if (given.yes) return;
  if (given.json || !process.stdin.isTTY) throw WarrenError.of('NEEDS_CONFIRMATION', { question });
  const { confirm: ask } = await import('@inquirer/prompts');
  const yes = await ask({ message: question, default: false }, { output: process.stderr });
  if (!yes) throw WarrenError.of('DECLINED', { question });
}
