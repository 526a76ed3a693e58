import type { Found } from '../finding.js';
import { linesOf, type Section, setting } from './parse.js';

/** Who may see, and change, what. */
export function statsRules(sections: readonly Section[]): Found[] {
  return sections
    .filter(({ kind }) => kind === 'listen' || kind === 'frontend')
    .flatMap((section): Found[] => {
      const shown = [...linesOf(section, 'stats enable'), ...linesOf(section, 'stats uri')][0];
      if (!shown || guarded(section)) return [];
      return [
        {
          line: shown.line,
          severity: 'error',
          rule: 'open-stats',
          problem: 'the statistics are shown without a password',
          why: `whoever reaches the port sees every address and load${
            linesOf(section, 'stats admin').length > 0 ? ', and may take servers out' : ''
          }`,
          instead:
            'a `userlist` and `http-request auth unless { http_auth(LIST) }`, or `stats auth USER:PASSWORD`',
        },
      ];
    });
}

function guarded(section: Section): boolean {
  return (
    setting(section, 'stats auth') !== undefined ||
    [...linesOf(section, 'http-request auth'), ...linesOf(section, 'stats http-request auth')].length > 0 ||
    linesOf(section, 'http-request deny').length > 0
  );
}
