import { expect, test } from 'vitest';
import { programName } from '../../src/view/program-name.js';

test.each([
  ['/usr/local/bin/warren', '/home/me', 'warren'],
  ['/home/me/clone/bin/run.js', '/home/me/clone', 'node bin/run.js'],
  ['/home/me/clone/bin/run.js', '/tmp', 'node /home/me/clone/bin/run.js'],
])('%s called in %s is typed again as %s', (script, folder, typed) => {
  expect(programName(script, folder)).toBe(typed);
});
