/** Puts the lines of rabbitmq.conf into the settings; an unknown key or a bad value is an error with its line. */
import { acceptedSettings } from './accepted-settings.js';
import type { ConfLine } from './conf-file.js';
import { BadValue } from './conf-value.js';
import { ConfigError } from './config-error.js';
import { didYouMean } from './did-you-mean.js';
import type { Setting, Settings } from './setting.js';
import { settings } from './settings.js';

const known: Setting[] = [
  ...settings,
  ...acceptedSettings.map(({ key, reader }) => ({
    key,
    apply: (_: Settings, value: string) => void reader(value),
  })),
];
const exact = new Map(known.filter(({ key }) => !key.includes('$')).map((setting) => [setting.key, setting]));
const patterns = known
  .filter(({ key }) => key.includes('$'))
  .map((setting) => ({ setting, words: setting.key.split('.') }));

export function applyConf(to: Settings, lines: readonly ConfLine[]): void {
  for (const { key, value, where } of lines) {
    const found = lookUp(key);
    if (!found) throw new ConfigError(where, unknownKey(key));
    try {
      found.setting.apply(to, value, found.name);
    } catch (error) {
      if (error instanceof BadValue) throw new ConfigError(where, `${key}: ${error.message}`);
      throw error;
    }
  }
}

function lookUp(key: string): { setting: Setting; name: string } | null {
  const setting = exact.get(key);
  if (setting) return { setting, name: '' };
  // A dot that belongs to a name is written \. as in loopback_users.first\.last
  const words = key.split(/(?<!\\)\./).map((word) => word.replaceAll('\\.', '.'));
  for (const { setting, words: pattern } of patterns) {
    if (pattern.length !== words.length) continue;
    if (!pattern.every((word, index) => word.startsWith('$') || word === words[index])) continue;
    return { setting, name: words[pattern.findIndex((word) => word.startsWith('$'))]! };
  }
  return null;
}

function unknownKey(key: string): string {
  const suggestion = didYouMean(key, [...exact.keys(), ...namedLike(key)]);
  const hint = suggestion ? `; did you mean ${suggestion}?` : '';
  return `there is no setting named ${key}${hint}`;
}

/** The patterns with the words of `key` in the place of their `$name`, so that `listener.tcp.1` finds `listeners.tcp.1`. */
function namedLike(key: string): string[] {
  const words = key.split('.');
  return patterns
    .filter(({ words: pattern }) => pattern.length === words.length)
    .map(({ words: pattern }) =>
      pattern.map((word, i) => (word.startsWith('$') ? words[i]! : word)).join('.'),
    );
}
