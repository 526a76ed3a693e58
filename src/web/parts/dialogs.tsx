/** Questions before something is lost, words on what was done, and the list of keys. */

import { Component, createRef, h } from 'preact';
import { keys, places } from '../keys.js';

interface Said {
  readonly id: number;
  readonly text: string;
  readonly kind: 'good' | 'bad';
}

interface State {
  readonly said: readonly Said[];
  readonly question?: { readonly text: string; readonly answer: string } | undefined;
}

interface Props {
  /** Where the rest of the page finds these dialogs. */
  readonly place: { current?: Dialogs };
}

export class Dialogs extends Component<Props, State> {
  override state: State = { said: [] };
  readonly #question = createRef<HTMLDialogElement>();
  readonly #keys = createRef<HTMLDialogElement>();
  #answered: (yes: boolean) => void = () => {};
  #last = 0;

  override componentDidMount(): void {
    this.props.place.current = this;
  }

  say(text: string, kind: 'good' | 'bad'): void {
    const id = ++this.#last;
    this.setState(({ said }) => ({ said: [...said.slice(-3), { id, text, kind }] }));
    setTimeout(() => this.#forget(id), kind === 'bad' ? 12_000 : 5_000);
  }

  ask(text: string, answer: string): Promise<boolean> {
    this.setState({ question: { text, answer } });
    const dialog = this.#question.current!;
    dialog.returnValue = '';
    dialog.showModal();
    return new Promise((resolve) => {
      this.#answered = resolve;
    });
  }

  keys(): void {
    this.#keys.current?.showModal();
  }

  #forget(id: number): void {
    this.setState(({ said }) => ({ said: said.filter((each) => each.id !== id) }));
  }

  override render() {
    const { said, question } = this.state;
    return (
      <div>
        <dialog
          ref={this.#question}
          onClose={(event) => this.#answered(event.currentTarget.returnValue === 'yes')}
        >
          <form method="dialog">
            <p>{question?.text}</p>
            <div class="actions">
              <button type="submit" value="no">
                Cancel
              </button>
              <button type="submit" value="yes" class="danger">
                {question?.answer}
              </button>
            </div>
          </form>
        </dialog>
        <dialog ref={this.#keys} class="keys" aria-label="Keys">
          <form method="dialog">
            <h2>Keys</h2>
            <dl>
              {keys.map(([key, what]) => (
                <Key key={key} name={key} what={what} />
              ))}
              {places.map(([key, , title]) => (
                <Key key={title} name={`g ${key}`} what={title} />
              ))}
            </dl>
            <div class="actions">
              <button type="submit">Close</button>
            </div>
          </form>
        </dialog>
        <div class="said" role="status" aria-live="polite">
          {said.map(({ id, text, kind }) => (
            <p key={id} class={kind}>
              {text}
              <button type="button" class="icon" aria-label="Dismiss" onClick={() => this.#forget(id)}>
                ×
              </button>
            </p>
          ))}
        </div>
      </div>
    );
  }
}

function Key({ name, what }: { name: string; what: string }) {
  return (
    <div>
      <dt>
        {name.split(' ').map((key) => (
          <kbd key={key}>{key}</kbd>
        ))}
      </dt>
      <dd>{what}</dd>
    </div>
  );
}
