import { h } from 'preact';
import { path } from '../api.js';
import type { Permission, User } from '../api-types.js';
import type { Page } from '../page.js';
import { AddForm } from '../parts/form.js';
import { Live } from '../parts/live.js';
import { Card, Heading, Pill } from '../parts/pieces.js';
import { Table } from '../parts/table.js';

interface Answer {
  readonly users: readonly User[];
  readonly permissions: readonly Permission[];
}

export function UsersView({ page }: { page: Page }) {
  const load = async (signal: AbortSignal): Promise<Answer> => {
    const [users, permissions] = await Promise.all([
      page.api.get<User[]>('users', {}, signal),
      page.api.get<Permission[]>('permissions', {}, signal),
    ]);
    return { users, permissions };
  };
  return (
    <Live<Answer> of="users" load={load} every={10_000}>
      {(answer, reload) => (
        <div>
          <Heading title="Users">
            <AddUser page={page} onDone={reload} />
            <Permit page={page} users={answer.users} onDone={reload} />
          </Heading>
          <Card>
            <Users page={page} answer={answer} onDone={reload} />
          </Card>
        </div>
      )}
    </Live>
  );
}

function Users({ page, answer, onDone }: { page: Page; answer: Answer; onDone: () => void }) {
  const remove = async ({ name }: User) => {
    if (!(await page.ask(`Delete the user ${name}?`, 'Delete'))) return;
    if (await page.attempt(`User ${name} is deleted`, () => page.api.delete(path('users', name)))) onDone();
  };
  return (
    <Table<User>
      label="users"
      rows={answer.users}
      keyOf={({ name }) => name}
      columns={[
        { title: 'Name', cell: ({ name }) => name },
        {
          title: 'Tags',
          cell: (user) => (
            <span class="name">
              {tagsOf(user).map((tag) => (
                <Pill key={tag} tone={tag === 'administrator' ? 'warn' : 'plain'}>
                  {tag}
                </Pill>
              ))}
            </span>
          ),
        },
        {
          title: 'May configure, write, read',
          cell: ({ name }) => <Permissions of={answer.permissions.filter(({ user }) => user === name)} />,
        },
        {
          title: '',
          cell: (user) =>
            user.name !== page.who.name && (
              <button
                type="button"
                class="small danger"
                onClick={() => remove(user)}
                aria-label={`Delete ${user.name}`}
              >
                Delete …
              </button>
            ),
        },
      ]}
    />
  );
}

function Permissions({ of }: { of: readonly Permission[] }) {
  if (of.length === 0) return <span class="muted">nothing</span>;
  return (
    <span class="pairs">
      {of.map(({ vhost, configure, write, read }) => (
        <code key={vhost}>
          {vhost}: {[configure, write, read].map((pattern) => pattern || '∅').join('  ')}
        </code>
      ))}
    </span>
  );
}

function tagsOf({ tags }: User): string[] {
  return (typeof tags === 'string' ? tags.split(',') : [...tags]).filter(Boolean);
}

function AddUser({ page, onDone }: { page: Page; onDone: () => void }) {
  return (
    <AddForm
      title="Add a user"
      fields={[
        { name: 'name', label: 'Name', required: true },
        { name: 'password', label: 'Password', kind: 'password', required: true },
        {
          name: 'tags',
          label: 'Tag',
          options: ['', 'management', 'policymaker', 'monitoring', 'administrator'],
        },
      ]}
      onSubmit={async ({ name = '', password, tags }) => {
        const done = await page.attempt(`User ${name} is there`, () =>
          page.api.put(path('users', name), { password, tags }),
        );
        if (done) onDone();
        return done;
      }}
    />
  );
}

function Permit({ page, users, onDone }: { page: Page; users: readonly User[]; onDone: () => void }) {
  return (
    <AddForm
      title="Permit"
      fields={[
        { name: 'user', label: 'User', options: users.map(({ name }) => name) },
        { name: 'vhost', label: 'Vhost', options: page.vhosts },
        { name: 'configure', label: 'May configure (pattern)', value: '.*' },
        { name: 'write', label: 'May write (pattern)', value: '.*' },
        { name: 'read', label: 'May read (pattern)', value: '.*' },
      ]}
      onSubmit={async ({ user = '', vhost = '', configure, write, read }) => {
        const done = await page.attempt(`${user} may work in ${vhost}`, () =>
          page.api.put(path('permissions', vhost, user), { configure, write, read }),
        );
        if (done) onDone();
        return done;
      }}
    />
  );
}
