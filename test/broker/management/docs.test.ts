/** The table of routes in the documentation is the routes that there are. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { Api } from '../../../src/broker/management/api.js';
import { resources } from '../../../src/broker/management/controllers/index.js';
import { allowed } from '../../../src/broker/management/http/resource.js';
import { stage } from './stage.js';

it('docs/http-api.md names every route with its methods', async () => {
  const file = path.resolve(import.meta.dirname, '../../../docs/http-api.md');
  const documented = [...readFileSync(file, 'utf8').matchAll(/^\| `(\/api\S*)` \| ([A-Z, ]*) \|/gm)].map(
    ([, route, methods]) => `${route} ${methods}`,
  );
  const at = await stage();
  const api = { ...at.ports, access: {}, nodes: { running: () => [] } } as unknown as Api;
  const there = resources(api).map((resource) => {
    const methods = allowed(resource)
      .replace(/(, )?OPTIONS$/, '')
      .replace('HEAD, ', '');
    return `${resource.path} ${methods}`;
  });
  await at.close();
  expect(documented.sort()).toEqual(there.sort());
});
