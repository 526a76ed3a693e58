/**
 * Something that is asked for again and again. What was answered last stays on the screen while the next
 * answer is awaited, and when none comes it stays with a word on why. A hidden tab asks nothing. When `of`
 * changes it is something else: the old answer is dropped, and one that still comes is ignored.
 */

import { Component, type ComponentChildren, h } from 'preact';
import { ApiError } from '../api.js';
import { Empty } from './pieces.js';

interface Props<T> {
  readonly of: string;
  readonly load: (signal: AbortSignal) => Promise<T>;
  readonly children: (answer: T, reload: () => void) => ComponentChildren;
  readonly every?: number;
  /** A page of a list may go on showing the page before until the next one is there. */
  readonly keep?: boolean;
  readonly onError?: (error: Error) => boolean;
}

interface State<T> {
  readonly answer?: T | undefined;
  readonly error?: Error | undefined;
}

export class Live<T> extends Component<Props<T>, State<T>> {
  #timer = 0;
  #asking = new AbortController();

  override componentDidMount(): void {
    document.addEventListener('visibilitychange', this.#onVisible);
    this.#ask();
  }

  override componentDidUpdate(before: Props<T>): void {
    if (before.of === this.props.of) return;
    if (!this.props.keep) this.setState({ answer: undefined, error: undefined });
    this.#ask();
  }

  override componentWillUnmount(): void {
    document.removeEventListener('visibilitychange', this.#onVisible);
    clearTimeout(this.#timer);
    this.#asking.abort();
  }

  readonly #onVisible = (): void => {
    if (!document.hidden) this.#ask();
  };

  readonly #ask = async (): Promise<void> => {
    clearTimeout(this.#timer);
    this.#asking.abort();
    const asking = new AbortController();
    this.#asking = asking;
    const settle = (state: State<T>) => {
      if (!asking.signal.aborted) this.setState(state);
    };
    try {
      settle({ answer: await this.props.load(asking.signal), error: undefined });
    } catch (error) {
      if (!asking.signal.aborted && !this.props.onError?.(error as Error)) settle({ error: error as Error });
    }
    if (asking.signal.aborted || document.hidden) return;
    this.#timer = window.setTimeout(this.#ask, this.props.every ?? 5_000);
  };

  override render(): ComponentChildren {
    const { answer, error } = this.state;
    if (answer === undefined) {
      return error ? (
        <Empty title={titleOf(error)}>{error.message}</Empty>
      ) : (
        <div class="loading" role="status" aria-label="Loading" />
      );
    }
    return (
      <div class={error ? 'stale' : undefined}>
        {error && <p class="notice bad">Not up to date: {error.message}. Asking again …</p>}
        {this.props.children(answer, this.#ask)}
      </div>
    );
  }
}

function titleOf(error: Error): string {
  const status = error instanceof ApiError ? error.status : -1;
  if (status === 0) return 'No answer';
  if (status === 404) return 'Not there';
  return status === 401 || status === 403 ? 'Not permitted' : 'That did not work';
}
