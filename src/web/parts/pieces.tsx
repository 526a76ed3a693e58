/** Small things that every view is made of. */
import { type ComponentChildren, h } from 'preact';

export type Tone = 'good' | 'bad' | 'warn' | 'quiet' | 'plain';

export function Pill({
  tone = 'plain',
  title,
  children,
}: {
  tone?: Tone;
  title?: string;
  children: ComponentChildren;
}) {
  return (
    <span class={`pill ${tone}`} title={title}>
      {children}
    </span>
  );
}

/** A dot with a word: colour is never alone. */
export function Dot({ tone, children }: { tone: Tone; children: ComponentChildren }) {
  return (
    <span class={`dot ${tone}`}>
      <i aria-hidden="true" />
      {children}
    </span>
  );
}

export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <strong>{title}</strong>
      {children && <div>{children}</div>}
    </div>
  );
}

export function Card(props: {
  title?: ComponentChildren;
  aside?: ComponentChildren;
  class?: string;
  children: ComponentChildren;
}) {
  return (
    <section class={`card ${props.class ?? ''}`}>
      {(props.title || props.aside) && (
        <header>
          <h2>{props.title}</h2>
          {props.aside && <div class="aside">{props.aside}</div>}
        </header>
      )}
      {props.children}
    </section>
  );
}

export function Heading(props: { title: ComponentChildren; kind?: string; children?: ComponentChildren }) {
  return (
    <div class="heading">
      <h1>
        {props.kind && <small>{props.kind}</small>}
        {props.title}
      </h1>
      {props.children && <div class="actions">{props.children}</div>}
    </div>
  );
}

export function Figure({
  label,
  value,
  note,
  tone,
}: {
  label: string;
  value: string;
  note?: string;
  tone?: Tone;
}) {
  return (
    <div class={`figure ${tone ?? ''}`}>
      <span>{label}</span>
      <strong>{value}</strong>
      {note && <em>{note}</em>}
    </div>
  );
}

/** How much of a limit is used. */
export function Meter(props: { label: string; used: number; limit: number; text: string; alarm?: boolean }) {
  const share = props.limit > 0 ? Math.min(1, props.used / props.limit) : 0;
  const tone = props.alarm ? 'bad' : share > 0.85 ? 'warn' : 'good';
  return (
    <div class={`meter ${tone}`}>
      <span>{props.label}</span>
      <b>{props.text}</b>
      <div aria-hidden="true">
        <i style={{ width: `${share * 100}%` }} />
      </div>
    </div>
  );
}

export function Facts({ of }: { of: readonly (readonly [string, ComponentChildren])[] }) {
  const shown = of.filter(([, value]) => value !== undefined && value !== null && value !== '');
  return (
    <dl class="facts">
      {shown.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** A policy's definition, arguments, properties: names and values as they are. */
export function Pairs({ of }: { of: Readonly<Record<string, unknown>> | null | undefined }) {
  const entries = Object.entries(of ?? {});
  if (entries.length === 0) return <span class="muted">none</span>;
  return (
    <span class="pairs">
      {entries.map(([key, value]) => (
        <code key={key}>
          {key}: {typeof value === 'string' ? value : JSON.stringify(value)}
        </code>
      ))}
    </span>
  );
}
