import { h } from 'preact';
import { path } from '../api.js';
import type { Page } from '../page.js';
import { Form } from './form.js';

interface Props {
  readonly page: Page;
  readonly vhost: string;
  readonly exchange: string;
  /** Given where it cannot be another. */
  readonly routingKey?: string;
}

export function PublishForm({ page, vhost, exchange, routingKey }: Props) {
  return (
    <Form
      title="Publish"
      fields={[
        ...(routingKey === undefined ? [{ name: 'key', label: 'Routing key' }] : []),
        { name: 'payload', label: 'Payload', kind: 'area' },
        { name: 'headers', label: 'Headers (JSON)', placeholder: '{"origin": "page"}' },
        { name: 'persistent', label: 'Persistent', kind: 'check', value: 'on' },
      ]}
      onSubmit={({ key = '', payload = '', headers, persistent }) =>
        page.attempt('Published, and routed to a queue', async () => {
          const { routed } = await page.api.post<{ routed: boolean }>(
            // The exchange without a name is called so in a path.
            path('exchanges', vhost, exchange === '' ? 'amq.default' : exchange, 'publish'),
            {
              routing_key: routingKey ?? key,
              payload,
              payload_encoding: 'string',
              properties: {
                delivery_mode: persistent === 'on' ? 2 : 1,
                ...(headers ? { headers: JSON.parse(headers) as unknown } : {}),
              },
            },
          );
          if (!routed) throw new Error('published, but no queue is bound for it: the message is gone');
        })
      }
    />
  );
}
