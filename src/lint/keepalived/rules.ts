import type { Found, Machine } from '../finding.js';
import { electionRules } from './election-rules.js';
import { keywordRules } from './keyword-rules.js';
import { parseKeepalived } from './parse.js';
import { scriptRules } from './script-rules.js';

/** What bites in one keepalived.conf. */
export function lintKeepalived(text: string, machine?: Machine): Found[] {
  const conf = parseKeepalived(text);
  return [...keywordRules(conf, machine), ...electionRules(conf), ...scriptRules(conf)];
}
