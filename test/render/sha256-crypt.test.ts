import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { sha256Crypt } from '../../src/render/sha256-crypt.js';
import { hasProgram } from './system.js';

test('the example of the specification', () => {
  expect(sha256Crypt('Hello world!', 'saltstring')).toBe(
    '$5$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5',
  );
});

test.runIf(hasProgram('openssl')).each(['a', 'x'.repeat(31), 'y'.repeat(64), 'Пароль 密码', 'z'.repeat(65)])(
  'as openssl hashes it: %s',
  (password) => {
    const said = spawnSync('openssl', ['passwd', '-5', '-salt', 'warren.test', '-stdin'], {
      input: `${password}\n`,
      encoding: 'utf8',
    });
    expect(sha256Crypt(password, 'warren.test')).toBe(said.stdout.trim());
  },
);
