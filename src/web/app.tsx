/**
 * The page as a whole: asks for a login where one is needed, watches the cluster every five seconds for what
 * the head and the alerts show, and gives the rest of the screen to the view of the address.
 */

import { Component, h } from 'preact';
import { AlertLog } from './alerts/log.js';
import type { Watched } from './alerts/observe.js';
import { observe } from './alerts/observe.js';
import { findingsOf } from './alerts/rules.js';
import { ApiError, type Login } from './api.js';
import { Frame } from './frame.js';
import { listenToKeys } from './keys.js';
import { LoginForm } from './login-form.js';
import { may, type Page } from './page.js';
import { Dialogs } from './parts/dialogs.js';
import { hrefOf, parseRoute, type Route } from './router.js';
import { forgetLogin, keptLogin, logIn, type Session } from './session.js';
import type { Setup } from './setup.js';

interface State {
  readonly session?: Session | undefined;
  readonly refused?: string | undefined;
  readonly vhosts: readonly string[];
  readonly route: Route;
  readonly watched?: Watched | undefined;
  readonly silentSince?: number | undefined;
  readonly starting: boolean;
}

const pace = 5_000;

export class App extends Component<{ setup: Setup }, State> {
  override state: State = { vhosts: [], route: parseRoute(location.hash), starting: true };
  readonly #alerts = new AlertLog(sessionStorage);
  readonly #dialogs: { current?: Dialogs } = {};
  #timer = 0;
  #watching = new AbortController();

  override componentDidMount(): void {
    window.addEventListener('hashchange', () => {
      this.setState({ route: parseRoute(location.hash) });
      document.querySelector('main')?.scrollTo(0, 0);
    });
    document.addEventListener('visibilitychange', () => !document.hidden && this.#watch());
    listenToKeys(() => this.#dialogs.current?.keys());
    const login = keptLogin();
    if (this.props.setup.login === 'proxy') this.#logIn();
    else if (login) this.#logIn(login);
    else this.setState({ starting: false });
  }

  readonly #logIn = async (login?: Login): Promise<void> => {
    try {
      const session = await logIn(login);
      const vhosts = await session.api.get<{ name: string }[]>('vhosts', { columns: 'name' });
      const names = vhosts.map(({ name }) => name);
      this.setState({ session, refused: undefined, vhosts: names, starting: false }, this.#watch);
    } catch (error) {
      const wrong = error instanceof ApiError && error.status === 401;
      if (wrong) forgetLogin();
      this.setState({
        starting: false,
        refused: wrong ? sentence(error.message) : `That did not work: ${(error as Error).message}`,
      });
    }
  };

  readonly #logOut = (): void => {
    forgetLogin();
    clearTimeout(this.#timer);
    this.#watching.abort();
    this.setState({ session: undefined, watched: undefined, silentSince: undefined });
  };

  readonly #watch = async (): Promise<void> => {
    const { session } = this.state;
    clearTimeout(this.#timer);
    this.#watching.abort();
    if (!session) return;
    const watching = new AbortController();
    this.#watching = watching;
    try {
      const watched = await observe(session.api, may(session, 'monitoring'), watching.signal);
      if (watching.signal.aborted) return;
      this.#alerts.observe(findingsOf(watched), Date.now());
      this.setState({ watched, silentSince: undefined });
    } catch {
      if (watching.signal.aborted) return;
      this.setState(({ silentSince }) => ({ silentSince: silentSince ?? Date.now() }));
    }
    if (!document.hidden) this.#timer = window.setTimeout(this.#watch, pace);
  };

  #page(session: Session): Page {
    const { route, vhosts } = this.state;
    return {
      ...session,
      route,
      vhosts,
      setup: this.props.setup,
      alerts: this.#alerts,
      narrow: (query) => location.replace(hrefOf(route.names, { ...route.query, ...query })),
      say: (text, kind = 'good') => this.#dialogs.current?.say(text, kind),
      ask: async (question, answer) => (await this.#dialogs.current?.ask(question, answer)) ?? false,
      attempt: async (done, work) => {
        try {
          await work();
          this.#dialogs.current?.say(done, 'good');
          return true;
        } catch (error) {
          this.#dialogs.current?.say(sentence((error as Error).message), 'bad');
          return false;
        }
      },
    };
  }

  override render() {
    const { session, refused, starting, watched, silentSince } = this.state;
    const dialogs = <Dialogs place={this.#dialogs} />;
    if (starting) return <div class="loading" role="status" aria-label="Loading" />;
    if (!session) {
      return this.props.setup.login === 'form' ? (
        <LoginForm refused={refused} onLogin={this.#logIn} />
      ) : (
        <div class="login">
          <p class="notice bad">{refused}</p>
          <button type="button" class="primary" onClick={() => this.#logIn()}>
            Try again
          </button>
        </div>
      );
    }
    return (
      <div>
        <Frame
          page={this.#page(session)}
          watched={watched}
          silentSince={silentSince}
          onLogOut={this.#logOut}
        />
        {dialogs}
      </div>
    );
  }
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
