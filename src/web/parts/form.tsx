/** A form that opens where its button is, and closes when what it asked for was done. */
import { Component, createRef, h } from 'preact';

export interface Field {
  readonly name: string;
  readonly label: string;
  readonly kind?: 'text' | 'password' | 'number' | 'check' | 'area';
  readonly options?: readonly string[];
  readonly value?: string;
  readonly placeholder?: string;
  readonly required?: boolean;
}

export type Values = Readonly<Record<string, string>>;

interface Props {
  readonly title: string;
  readonly fields: readonly Field[];
  readonly submit?: string;
  /** False: it was not done, and the form stays. */
  readonly onSubmit: (values: Values) => Promise<boolean>;
}

/** Behind a button, in a dialog. */
export class AddForm extends Component<Props> {
  readonly #dialog = createRef<HTMLDialogElement>();

  readonly #submit = async (values: Values): Promise<boolean> => {
    const done = await this.props.onSubmit(values);
    if (done) this.#dialog.current?.close();
    return done;
  };

  override render() {
    const { title } = this.props;
    return (
      <span>
        <button type="button" onClick={() => this.#dialog.current?.showModal()}>
          {title} …
        </button>
        <dialog ref={this.#dialog} aria-label={title}>
          <h2>{title}</h2>
          <Form {...this.props} onSubmit={this.#submit} onCancel={() => this.#dialog.current?.close()} />
        </dialog>
      </span>
    );
  }
}

/** Spread over the page. */
export class Form extends Component<Props & { onCancel?: () => void }, { busy: boolean }> {
  override state = { busy: false };

  readonly #submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const values = Object.fromEntries([...new FormData(form)].map(([key, value]) => [key, String(value)]));
    this.setState({ busy: true });
    const done = await this.props.onSubmit(values);
    this.setState({ busy: false });
    if (done && this.props.onCancel) form.reset();
  };

  override render() {
    const { fields, submit, title, onCancel } = this.props;
    return (
      <form class="fields" onSubmit={this.#submit}>
        {fields.map((field) => (
          <FieldInput key={field.name} field={field} />
        ))}
        <div class="actions">
          {onCancel && (
            <button type="button" onClick={onCancel}>
              Cancel
            </button>
          )}
          <button type="submit" class="primary" disabled={this.state.busy}>
            {submit ?? title}
          </button>
        </div>
      </form>
    );
  }
}

function FieldInput({ field }: { field: Field }) {
  const { name, label, kind = 'text', options, value, placeholder, required } = field;
  if (kind === 'check') {
    return (
      <label class="check">
        <input type="checkbox" name={name} defaultChecked={value === 'on'} />
        {label}
      </label>
    );
  }
  const common = { name, placeholder, required, spellcheck: false, autocomplete: 'off' };
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: every branch below is a control
    <label class={kind}>
      {label}
      {options ? (
        <select name={name}>
          {options.map((option) => (
            <option key={option} value={option} selected={option === value}>
              {option}
            </option>
          ))}
        </select>
      ) : kind === 'area' ? (
        <textarea {...common} rows={4} defaultValue={value} />
      ) : (
        <input
          {...common}
          type={kind as 'text'}
          defaultValue={value}
          min={kind === 'number' ? 0 : undefined}
        />
      )}
    </label>
  );
}
