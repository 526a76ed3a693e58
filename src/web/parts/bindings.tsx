import { h } from 'preact';
import { path } from '../api.js';
import type { Binding } from '../api-types.js';
import type { Page } from '../page.js';
import { BindingDrawing } from './binding-drawing.js';
import { AddForm, type Field, type Values } from './form.js';
import { Live } from './live.js';
import { Card } from './pieces.js';

interface Props {
  readonly page: Page;
  readonly vhost: string;
  readonly name: string;
  readonly kind: 'exchange' | 'queue';
  /** Beside the routing key. */
  readonly fields: readonly Field[];
  load(signal: AbortSignal): Promise<Binding[]>;
  /** The path of a binding that is wished for, and what is said once it is there. */
  wished(values: Values): { readonly where: string; readonly done: string };
}

/** The bindings of an exchange or a queue, drawn, and a form for one more. */
export function Bindings({ page, vhost, name, kind, fields, load, wished }: Props) {
  const bind = async (values: Values, reload: () => void) => {
    const { where, done } = wished(values);
    const made = await page.attempt(done, () =>
      page.api.post(where, { routing_key: values.key ?? '', arguments: {} }),
    );
    if (made) reload();
    return made;
  };
  return (
    <Live<Binding[]> of={path(kind, vhost, name)} load={load}>
      {(bindings, reload) => (
        <Card
          title="Bindings"
          aside={
            <AddForm
              title="Bind"
              fields={[...fields, { name: 'key', label: 'Routing key' }]}
              onSubmit={(values) => bind(values, reload)}
            />
          }
        >
          <BindingDrawing
            page={page}
            bindings={bindings}
            vhost={vhost}
            name={name}
            kind={kind}
            onChange={reload}
          />
        </Card>
      )}
    </Live>
  );
}
