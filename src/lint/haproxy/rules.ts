import type { Found, Machine } from '../finding.js';
import { amqpProxies } from './amqp.js';
import { balanceRules } from './balance-rules.js';
import { checkRules } from './check-rules.js';
import { parseHaproxy } from './parse.js';
import { processRules } from './process-rules.js';
import { remarkRules } from './remark-rules.js';
import { statsRules } from './stats-rules.js';
import { timeoutRules } from './timeout-rules.js';

/** What bites in one haproxy.cfg. */
export function lintHaproxy(text: string, machine?: Machine): Found[] {
  const sections = parseHaproxy(text);
  const proxies = amqpProxies(sections);
  return [
    ...processRules(sections, machine),
    ...proxies.flatMap((proxy) => [...timeoutRules(proxy), ...checkRules(proxy), ...balanceRules(proxy)]),
    ...statsRules(sections),
    ...remarkRules(sections),
  ];
}
