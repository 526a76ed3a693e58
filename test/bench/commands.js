/** Warren's own commands, which must not make their user wait. */
import { median, seconds, warren, withHome } from './measure.js';

export async function* measureCommands(tries) {
  for (const args of [['--help'], ['ps']]) {
    const measured = await withHome(async (env) => {
      seconds(process.execPath, [warren, ...args], env);
      return Array.from({ length: Math.max(5, tries) }, () =>
        seconds(process.execPath, [warren, ...args], env),
      );
    });
    yield { what: `\`warren ${args.join(' ')}\``, unit: 's', goal: '≤ 0.2 s', bundled: median(measured) };
  }
}
