import { h } from 'preact';
import { path } from '../api.js';
import type { Policy } from '../api-types.js';
import { count } from '../format.js';
import type { Page } from '../page.js';
import { AddForm } from '../parts/form.js';
import { Live } from '../parts/live.js';
import { Card, Empty, Heading, Pairs } from '../parts/pieces.js';
import { Table } from '../parts/table.js';

export function PoliciesView({ page }: { page: Page }) {
  return (
    <Live<Policy[]> of="policies" load={(signal) => page.api.get('policies', {}, signal)} every={10_000}>
      {(policies, reload) => (
        <div>
          <Heading title="Policies">
            <AddPolicy page={page} onDone={reload} />
          </Heading>
          <Card>
            {policies.length === 0 ? (
              <Empty title="No policies">
                A policy gives queues and exchanges their mirrors, limits, TTLs by their names.
              </Empty>
            ) : (
              <Policies page={page} policies={policies} onDone={reload} />
            )}
          </Card>
        </div>
      )}
    </Live>
  );
}

function Policies({
  page,
  policies,
  onDone,
}: {
  page: Page;
  policies: readonly Policy[];
  onDone: () => void;
}) {
  const remove = async ({ vhost, name }: Policy) => {
    if (
      !(await page.ask(
        `Delete the policy ${name}? What it gave to queues and exchanges goes with it.`,
        'Delete',
      ))
    )
      return;
    if (await page.attempt(`Policy ${name} is deleted`, () => page.api.delete(path('policies', vhost, name))))
      onDone();
  };
  return (
    <Table<Policy>
      label="policies"
      rows={policies}
      keyOf={({ vhost, name }) => `${vhost}\0${name}`}
      columns={[
        {
          title: 'Name',
          cell: ({ name, vhost }) => (
            <span class="name">
              {name} {page.vhosts.length > 1 && <small>{vhost}</small>}
            </span>
          ),
        },
        { title: 'Pattern', cell: ({ pattern }) => <code>{pattern}</code> },
        { title: 'Applies to', show: 'wide', cell: (policy) => policy['apply-to'] },
        { title: 'Priority', number: true, show: 'wide', cell: ({ priority }) => count(priority) },
        { title: 'Definition', cell: ({ definition }) => <Pairs of={definition} /> },
        {
          title: '',
          cell: (policy) => (
            <button
              type="button"
              class="small danger"
              onClick={() => remove(policy)}
              aria-label={`Delete ${policy.name}`}
            >
              Delete …
            </button>
          ),
        },
      ]}
    />
  );
}

function AddPolicy({ page, onDone }: { page: Page; onDone: () => void }) {
  return (
    <AddForm
      title="Add a policy"
      fields={[
        ...(page.vhosts.length > 1 ? [{ name: 'vhost', label: 'Vhost', options: page.vhosts }] : []),
        { name: 'name', label: 'Name', required: true },
        { name: 'pattern', label: 'Pattern of names', required: true, placeholder: '^orders\\.' },
        { name: 'to', label: 'Applies to', options: ['queues', 'exchanges', 'all'] },
        {
          name: 'definition',
          label: 'Definition (JSON)',
          kind: 'area',
          required: true,
          placeholder: '{"max-length": 1000}',
        },
        { name: 'priority', label: 'Priority', kind: 'number', value: '0' },
      ]}
      onSubmit={async ({
        vhost = page.vhosts[0] ?? '/',
        name = '',
        pattern,
        to,
        definition = '',
        priority,
      }) => {
        const done = await page.attempt(`Policy ${name} is in force`, () =>
          page.api.put(path('policies', vhost, name), {
            pattern,
            'apply-to': to,
            definition: JSON.parse(definition) as unknown,
            priority: Number(priority),
          }),
        );
        if (done) onDone();
        return done;
      }}
    />
  );
}
