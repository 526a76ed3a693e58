/** The log of a trace as it stands, asked for anew every few seconds; of a long one its end is shown. */

import { Component, h } from 'preact';
import { path } from '../api.js';
import { bytes } from '../format.js';
import type { Page } from '../page.js';
import { hrefOf } from '../router.js';
import { Live } from './live.js';
import { Card, Empty, Heading } from './pieces.js';

interface Props {
  readonly page: Page;
  readonly node: string;
  readonly file: string;
}

/** More lines than these take a browser long to lay out. */
const most = 200_000;

export class TraceLog extends Component<Props, { wanted: string }> {
  override state = { wanted: '' };

  override render() {
    const { page, node, file } = this.props;
    const { wanted } = this.state;
    const load = (signal: AbortSignal) => page.api.text(path('trace-files', 'node', node, file), signal);
    return (
      <div>
        <Heading title={file} kind="Log of a trace">
          <a class="button" href={hrefOf(['tracing', node])}>
            All traces
          </a>
        </Heading>
        <div class="tools">
          <input
            type="search"
            aria-label="Filter entries"
            placeholder="Entries with …"
            onInput={(event) => this.setState({ wanted: event.currentTarget.value })}
          />
        </div>
        <Live<string> of={file} load={load}>
          {(text) => <Entries text={text} wanted={wanted} />}
        </Live>
      </div>
    );
  }
}

function Entries({ text, wanted }: { text: string; wanted: string }) {
  const end = text.slice(-most);
  const shown =
    wanted === ''
      ? end
      : entriesOf(end)
          .filter((entry) => entry.includes(wanted))
          .join('\n');
  return (
    <Card>
      {text.length > end.length && (
        <p class="muted">
          The last {bytes(end.length)} of {bytes(text.length)}.
        </p>
      )}
      {shown === '' ? (
        <Empty title={text === '' ? 'Nothing was logged yet' : 'No such entry'} />
      ) : (
        <pre class="log">{shown}</pre>
      )}
    </Card>
  );
}

/** In JSON an entry is a line; in text each begins with a rule of equals signs. */
function entriesOf(text: string): string[] {
  if (text.startsWith('{')) return text.split('\n').filter(Boolean);
  return text.split(/^(?==+\n)/m).filter((entry) => entry.trim() !== '');
}
