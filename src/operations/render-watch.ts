import { prometheusRules } from '../render/prometheus-rules.js';
import { zabbixTemplate } from '../render/zabbix-template.js';
import { readRules } from '../watch/rules/read.js';

/** A file for another program that watches. */
export interface RenderedForWatchers {
  readonly text: string;
}

export async function renderPrometheus(rules: string | undefined): Promise<RenderedForWatchers> {
  return { text: prometheusRules((await readRules(rules)).rules) };
}

export function renderZabbix(options: { readonly sender: boolean }): RenderedForWatchers {
  return { text: zabbixTemplate(options) };
}
