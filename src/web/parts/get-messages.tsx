/** Takes messages out of a queue to look at them, and by default puts them back. */

import { Component, h } from 'preact';
import { path } from '../api.js';
import type { GotMessage } from '../api-types.js';
import { bytes, exchangeName } from '../format.js';
import type { Page } from '../page.js';
import { Form, type Values } from './form.js';
import { Empty, Facts, Pairs, Pill } from './pieces.js';

interface Props {
  readonly page: Page;
  readonly vhost: string;
  readonly name: string;
}

const modes = { 'Put them back': 'ack_requeue_true', 'Take them out': 'ack_requeue_false' } as const;

export class GetMessages extends Component<Props, { got?: readonly GotMessage[] }> {
  readonly #get = async ({ count, mode }: Values): Promise<boolean> => {
    const { page, vhost, name } = this.props;
    const ackmode = modes[mode as keyof typeof modes];
    if (
      ackmode === 'ack_requeue_false' &&
      !(await page.ask('What is taken out of the queue is gone from it. Go on?', 'Take out'))
    )
      return false;
    return page.attempt('That is what is there', async () => {
      const asked = { count: Number(count), ackmode, encoding: 'auto', truncate: 50_000 };
      this.setState({ got: await page.api.post<GotMessage[]>(path('queues', vhost, name, 'get'), asked) });
    });
  };

  override render() {
    const { got } = this.state;
    return (
      <div>
        <Form
          title="Get"
          fields={[
            { name: 'count', label: 'How many', kind: 'number', value: '1' },
            { name: 'mode', label: 'And then', options: Object.keys(modes) },
          ]}
          onSubmit={this.#get}
        />
        {got?.length === 0 && <Empty title="The queue is empty" />}
        {got?.map((message, index) => (
          <Message key={index} message={message} />
        ))}
      </div>
    );
  }
}

function Message({ message }: { message: GotMessage }) {
  const { headers, ...properties } = message.properties as { headers?: Record<string, unknown> };
  return (
    <article class="message">
      <Facts
        of={[
          ['Exchange', exchangeName(message.exchange)],
          ['Routing key', <code key="key">{message.routing_key}</code>],
          ['Properties', <Pairs key="properties" of={properties} />],
          ['Headers', headers && <Pairs key="headers" of={headers} />],
          ['Size', bytes(message.payload_bytes)],
        ]}
      />
      {message.redelivered && <Pill tone="warn">redelivered</Pill>}
      {message.payload_encoding !== 'string' && <Pill>{message.payload_encoding}</Pill>}
      <pre>{message.payload}</pre>
    </article>
  );
}
