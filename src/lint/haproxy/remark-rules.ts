import type { Found } from '../finding.js';
import { after, linesOf, type Section } from './parse.js';

/** Remarks that say something else than the lines they stand above. */
export function remarkRules(sections: readonly Section[]): Found[] {
  return sections.flatMap((section) => [...failures(section), ...address(section)]);
}

function failures(section: Section): Found[] {
  const server = linesOf(section, 'server').find((line) => after(line, 'fall') !== undefined);
  const fall = server && after(server, 'fall');
  return section.comments.flatMap(({ line, text }): Found[] => {
    const said = /(\d+)\s*次失败/.exec(text)?.[1] ?? /(\d+)\s+(?:consecutive\s+)?fail/i.exec(text)?.[1];
    if (!server || said === undefined || said === fall || line > server.line) return [];
    return [remark(line, `the remark says ${said} failures, and the server lines say fall ${fall}`)];
  });
}

function address(section: Section): Found[] {
  const uri = linesOf(section, 'stats uri')[0]?.words[2];
  return section.comments.flatMap(({ line, text }): Found[] => {
    const said = /https?:\/\/[^\s/]+(\/\S+)/.exec(text)?.[1];
    return uri === undefined || said === undefined || said === uri
      ? []
      : [remark(line, `the remark says that the statistics are at ${said}, and stats uri says ${uri}`)];
  });
}

function remark(line: number, problem: string): Found {
  return {
    line,
    severity: 'note',
    rule: 'wrong-remark',
    problem,
    why: 'who reads it in an emergency looks in the wrong place',
    instead: 'correct the remark, or the line',
  };
}
