import { h } from 'preact';
import type { Login } from './api.js';
import { Brand } from './brand.js';

export function LoginForm(props: { refused?: string | undefined; onLogin: (login: Login) => void }) {
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    props.onLogin({ user: String(form.get('user')), password: String(form.get('password')) });
  };
  return (
    <main class="login">
      <form onSubmit={submit}>
        <Brand />
        <label>
          User
          <input name="user" autocomplete="username" required autofocus spellcheck={false} />
        </label>
        <label>
          Password
          <input name="password" type="password" autocomplete="current-password" required />
        </label>
        {props.refused && (
          <p class="notice bad" role="alert">
            {props.refused}
          </p>
        )}
        <button type="submit" class="primary">
          Log in
        </button>
      </form>
    </main>
  );
}
