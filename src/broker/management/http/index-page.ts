/** /api/index.html: what there is to ask, made from the resources themselves. No script, so nothing can be injected. */
import { allowed, type Resource } from './resource.js';

export function indexPage(resources: Resource[]): string {
  const rows = resources
    .map((resource) => ({
      path: resource.path,
      methods: allowed(resource).replace(/, OPTIONS$|^OPTIONS$/, ''),
    }))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .map(({ path, methods }) => `<tr><td>${methods}</td><td><code>${shown(path)}</code></td></tr>`);
  return `<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Management HTTP API</title></head>
<body>
<h1>Management HTTP API</h1>
<p>The routes of RabbitMQ's management plugin. Answers are <code>application/json</code>; log in with HTTP basic
authentication. In a path the virtual host <code>/</code> is written <code>%2F</code>.</p>
<p>Lists take <code>columns</code>, <code>sort</code>, <code>sort_reverse</code>; long ones also <code>page</code>,
<code>page_size</code>, <code>name</code>, <code>use_regex</code>. Samples: <code>lengths_age</code> and
<code>lengths_incr</code>, likewise <code>msg_rates_</code>, <code>data_rates_</code>, <code>node_stats_</code>.</p>
<table>
<tr><th>Methods</th><th>Path</th></tr>
${rows.join('\n')}
</table>
</body>
</html>
`;
}

const shown = (path: string) => path.replace(/:(\w+)/g, '<i>$1</i>');
