/** Where the tools take the cookie from; never the cookie itself. */
import { accessSync, constants, statSync } from 'node:fs';
import { cookiePath } from '../../config/cookie.js';
import { homeOf } from '../../config/environment.js';
import { type Command, value } from '../command.js';
import { sections } from '../sections.js';

const cookieSources: Command = {
  usage: '[--timeout <timeout>]',
  operands: [0, 0],
  banner: () => 'Listing Erlang cookie sources used by CLI tools...',
  async run({ env, options }) {
    const home = homeOf(env);
    const file = fileFacts(cookiePath(home));
    const given = typeof options['erlang-cookie'] === 'string' ? options['erlang-cookie'] : '';
    const variable = env.RABBITMQ_ERLANG_COOKIE ?? '';
    const text = sections([
      [
        'Cookie File',
        [
          `Effective user: ${env.USER ?? '(none)'}`,
          `Effective home directory: ${home}`,
          `Cookie file path: ${file.path}`,
          `Cookie file exists? ${file.exists}`,
          ...(file.exists
            ? [
                'Cookie file type: regular',
                `Cookie file access: ${file.access}`,
                `Cookie file size: ${file.size}`,
              ]
            : []),
        ],
      ],
      ['Cookie CLI Switch', setOrNot('--erlang-cookie', given)],
      [
        'Env variable \u001b[0m \u001b[1m\u001b[31m(Deprecated)',
        setOrNot('RABBITMQ_ERLANG_COOKIE', variable),
      ],
    ]);
    return value(text.trimEnd(), {
      cookie_file_access: file.access,
      cookie_file_exists: file.exists,
      cookie_file_path: file.path,
      cookie_file_size: file.size,
      cookie_file_type: file.exists ? 'regular' : null,
      effective_user: env.USER ?? null,
      home_dir: home,
      os_env_cookie_set: variable !== '',
      os_env_cookie_value_length: variable.length,
      switch_cookie_set: given !== '',
      switch_cookie_value_length: given.length,
    });
  },
};

const setOrNot = (what: string, set: string) => [
  `${what} value set? ${set !== ''}`,
  `${what} value length: ${set.length}`,
];

function fileFacts(path: string) {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return { path, exists: false, access: null, size: null };
  const can = (mode: number) => {
    try {
      accessSync(path, mode);
      return true;
    } catch {
      return false;
    }
  };
  const access = can(constants.R_OK) ? (can(constants.W_OK) ? 'read_write' : 'read') : 'none';
  return { path, exists: true, access, size: stats.size };
}

export const cookieCommands: Record<string, Command> = { erlang_cookie_sources: cookieSources };
