/** The head with the cluster's name and state, the way to every view, and the view itself. */

import { h } from 'preact';
import type { Watched } from './alerts/observe.js';
import { Brand } from './brand.js';
import { clock, plural } from './format.js';
import { places } from './keys.js';
import { may, type Page } from './page.js';
import { hrefOf } from './router.js';
import { toggleTheme } from './theme.js';
import { View } from './view.js';

interface Props {
  readonly page: Page;
  readonly watched: Watched | undefined;
  readonly silentSince: number | undefined;
  readonly onLogOut: () => void;
}

export function Frame({ page, watched, silentSince, onLogOut }: Props) {
  return (
    <div class="frame">
      <button type="button" class="skip" onClick={toContent}>
        To the content
      </button>
      <header class="top">
        <a href={hrefOf(['overview'])} aria-label="Overview">
          <Brand />
        </a>
        <span class="cluster">{watched?.overview.cluster_name}</span>
        <State page={page} watched={watched} silent={silentSince !== undefined} />
        <span class="who">{page.who.name}</span>
        <button
          type="button"
          class="icon"
          onClick={toggleTheme}
          aria-label="Dark or light"
          title="Dark or light (d)"
        >
          ◐
        </button>
        {page.setup.login === 'form' && (
          <button type="button" class="plain" onClick={onLogOut}>
            Log out
          </button>
        )}
      </header>
      <Ways page={page} />
      <main id="content" tabIndex={-1}>
        {silentSince !== undefined && (
          <p class="notice bad" role="alert">
            No answer from the API since {clock(silentSince)}. What is shown is from before. Asking again …
          </p>
        )}
        <View page={page} watched={watched} />
      </main>
    </div>
  );
}

function toContent(): void {
  document.getElementById('content')?.focus();
}

function Ways({ page }: { page: Page }) {
  const shown = places.filter(([, name]) => permitted(page, name));
  return (
    <nav class="ways" aria-label="Views">
      {shown.map(([key, name, title]) => (
        <a
          key={name}
          href={hrefOf([name])}
          aria-current={page.route.names[0] === name ? 'page' : undefined}
          title={`g ${key}`}
        >
          {title}
          {name === 'alerts' && page.alerts.now.length > 0 && <b class="badge">{page.alerts.now.length}</b>}
        </a>
      ))}
    </nav>
  );
}

/** What the API would refuse is not offered. */
function permitted(page: Page, name: string): boolean {
  if (name === 'nodes' || name === 'topology') return may(page, 'monitoring');
  if (name === 'users' || name === 'tracing') return may(page, 'administrator');
  return name !== 'policies' || may(page, 'policymaker');
}

function State({ page, watched, silent }: { page: Page; watched: Watched | undefined; silent: boolean }) {
  if (silent) return <Word tone="bad" text="no answer" />;
  if (!watched) return <Word tone="quiet" text="…" />;
  const { now } = page.alerts;
  const critical = now.filter(({ severity }) => severity === 'critical').length;
  if (critical > 0) return <Word tone="bad" text={`${critical} critical`} />;
  if (now.length > 0) return <Word tone="warn" text={plural(now.length, 'warning')} />;
  return <Word tone="good" text="all well" />;
}

function Word({ tone, text }: { tone: string; text: string }) {
  return (
    <a class={`state dot ${tone}`} href={hrefOf(['alerts'])}>
      <i aria-hidden="true" />
      {text}
    </a>
  );
}
