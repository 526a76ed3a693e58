import { nearest } from '../../errors/suggestion.js';
import type { WrittenFile } from '../schema.js';
import type { Path } from '../text.js';
import type { Findings } from './findings.js';
import { Notebook } from './notebook.js';

/** The vhosts of the file, and the one that is always there. */
export function vhostNames({ vhosts }: WrittenFile): Set<string> {
  return new Set(['/', ...vhosts.map((vhost) => (typeof vhost === 'string' ? vhost : vhost.name))]);
}

/** Vhosts, users and permissions. */
export function objectFindings(file: WrittenFile): Findings {
  const book = new Notebook();
  book.refuseTwice(file.vhosts, (vhost, index) => {
    const name = typeof vhost === 'string' ? vhost : vhost.name;
    return { path: ['vhosts', index], key: name, what: `vhost ${name}` };
  });
  book.refuseTwice(file.users, ({ name }, index) => ({
    path: ['users', index, 'name'],
    key: name,
    what: `user ${name}`,
  }));
  users(file, book);
  permissions(file, book);
  knownVhosts(file, book);
  return book;
}

const knownTags = ['administrator', 'monitoring', 'policymaker', 'management', 'impersonator'];

function users(file: WrittenFile, book: Notebook): void {
  for (const [index, user] of file.users.entries()) {
    const { name, password, password_hash, tags } = user;
    const path = ['users', index];
    if (password === undefined && password_hash === undefined) {
      book.error(
        path,
        `user ${name} has no password`,
        'write password: generate, password: env:NAME or password: file:PATH',
      );
    }
    if (password !== undefined && password_hash !== undefined) {
      book.error(
        [...path, 'password_hash'],
        `user ${name} has a password and a password_hash`,
        'take one of the two out',
      );
    }
    for (const [at, tag] of tags.entries()) {
      const near = knownTags.includes(tag) ? undefined : nearest(tag, knownTags);
      if (near) book.warn([...path, 'tags', at], `the tag ${tag} gives no right`, `did you mean '${near}'?`);
    }
    const permitted = user.permissions.length > 0 || file.permissions.some((one) => one.user === name);
    if (!permitted && !tags.some((tag) => knownTags.includes(tag))) {
      book.warn(
        path,
        `user ${name} has no permissions, so it can open no vhost`,
        'write permissions: [{ vhost: / }] under it',
      );
    }
  }
}

function permissions(file: WrittenFile, book: Notebook): void {
  const known = ['guest', ...file.users.map(({ name }) => name)];
  for (const section of ['permissions', 'topic_permissions'] as const) {
    for (const [index, { user }] of file[section].entries()) {
      if (known.includes(user)) continue;
      const near = nearest(user, known);
      book.error(
        [section, index, 'user'],
        `there is no user ${user} in this file`,
        near ? `did you mean '${near}'?` : 'add it under users',
      );
    }
  }
  const all = [
    ...file.users.flatMap(({ name, permissions: own }, i) =>
      own.map(({ vhost }, j) => ({ user: name, vhost, path: ['users', i, 'permissions', j] as Path })),
    ),
    ...file.permissions.map(({ user, vhost }, i) => ({ user, vhost, path: ['permissions', i] as Path })),
  ];
  book.refuseTwice(all, ({ user, vhost, path }) => ({
    path,
    key: [user, vhost],
    what: `a permission of ${user} in vhost ${vhost}`,
  }));
}

/** Whatever stands in a vhost must stand in one that the file makes. */
function knownVhosts(file: WrittenFile, book: Notebook): void {
  const known = vhostNames(file);
  const check = (entries: readonly { readonly vhost: string }[], at: Path) => {
    for (const [index, { vhost }] of entries.entries()) {
      if (known.has(vhost)) continue;
      const near = nearest(vhost, [...known]);
      const suggestion = near ? `did you mean '${near}'?` : `add it: vhosts: [${vhost}]`;
      book.error([...at, index, 'vhost'], `there is no vhost ${vhost} in this file`, suggestion);
    }
  };
  for (const [index, user] of file.users.entries()) {
    check(user.permissions, ['users', index, 'permissions']);
    check(user.topic_permissions, ['users', index, 'topic_permissions']);
  }
  const sections = [
    'permissions',
    'topic_permissions',
    'policies',
    'operator_policies',
    'parameters',
    'exchanges',
    'queues',
    'bindings',
  ] as const;
  for (const section of sections) check(file[section], [section]);
}
