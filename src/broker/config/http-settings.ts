/** What management.* of rabbitmq.conf says about other sites' pages, headers and bodies. */
import { flag, integer, oneOf, text } from './conf-value.js';
import type { HttpOptions } from './node-config.js';
import { type Setting, setting } from './setting.js';

/**
 * RabbitMQ's, but for two headers: its page needs inline scripts and may stand in a frame, what is served here
 * needs neither.
 */
export function defaultHttp(): HttpOptions {
  return {
    corsOrigins: [],
    corsMaxAge: 1800,
    headers: {
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    },
    maxBodySize: 20 * 1024 * 1024,
    pathPrefix: '',
    switches: new Set(),
    ratesMode: 'basic',
  };
}

const headers = {
  'management.csp.policy': 'content-security-policy',
  'management.hsts.policy': 'strict-transport-security',
  'management.headers.content_type_options': 'x-content-type-options',
  'management.headers.xss_protection': 'x-xss-protection',
  'management.headers.frame_options': 'x-frame-options',
};

/** Without its collector a node has no statistics to show. */
const switches = {
  'management.disable_stats': 'disable_stats',
  'management_agent.disable_metrics_collector': 'disable_stats',
  'management.enable_queue_totals': 'enable_queue_totals',
};

export const httpSettings: Setting[] = [
  setting('management.cors.allow_origins', text, (to, value) => {
    to.http.corsOrigins = value === 'none' ? [] : [value];
  }),
  setting('management.cors.allow_origins.$name', text, (to, value) => {
    to.http.corsOrigins.push(value);
  }),
  setting('management.cors.max_age', integer(), (to, value) => {
    to.http.corsMaxAge = value;
  }),
  ...Object.entries(headers).map(([key, header]) =>
    setting(key, text, (to, value) => {
      to.http.headers[header] = value;
    }),
  ),
  setting('management.path_prefix', text, (to, value) => {
    to.http.pathPrefix = value.startsWith('/') || value === '' ? value : `/${value}`;
  }),
  ...Object.entries(switches).map(([key, name]) =>
    setting(key, flag, (to, on) => {
      if (on) to.http.switches.add(name);
    }),
  ),
  setting('management.rates_mode', oneOf('basic', 'detailed', 'none'), (to, mode) => {
    to.http.ratesMode = mode;
  }),
  setting('management.http.max_body_size', integer(1), (to, value) => {
    to.http.maxBodySize = value;
  }),
];
