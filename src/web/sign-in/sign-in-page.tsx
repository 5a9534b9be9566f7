import { useEffect, useState } from 'preact/hooks';
import { get } from '../shared/api';
import { replaceRoute } from '../shared/route';
import { signIn } from '../shared/session';

interface Ways {
  readonly openid: { readonly name: string; readonly url: string } | null;
}

/** Signs in with the key and secret of a client, by the school's own sign-in where there is one, or by an invitation. */
export function SignInPage({ invitation }: { invitation: string | undefined }) {
  const [error, setError] = useState<string>();
  const [ways, setWays] = useState<Ways>();
  useEffect(() => void get<Ways>('/sign-in/ways').then(setWays, () => undefined), []);
  const [isBusy, setBusy] = useState(false);
  const attempt = (proof: Parameters<typeof signIn>[0]) => {
    if (isBusy) return; // an invitation is good once
    setBusy(true);
    signIn(proof)
      .then(
        // Whoever had to sign in again goes on where they were.
        () => replaceRoute(invitation ? '#/' : location.hash || '#/'),
        (reason: Error) => setError(reason.message),
      )
      .finally(() => setBusy(false));
  };
  return (
    <section class="sign-in">
      <h1>Sign in to rollbook</h1>
      {error && (
        <p class="notice" role="alert">
          {error}
        </p>
      )}
      {invitation ? (
        <button type="button" class="main" onClick={() => attempt({ invitation })}>
          Accept the invitation
        </button>
      ) : (
        <KeyForm onSubmit={attempt} />
      )}
      {ways?.openid && (
        <p>
          <a class="button" href={ways.openid.url}>
            Sign in with {ways.openid.name}
          </a>
        </p>
      )}
    </section>
  );
}

function KeyForm({ onSubmit }: { onSubmit(proof: { key: string; secret: string }): void }) {
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    onSubmit({ key: String(form.get('key')).trim(), secret: String(form.get('secret')).trim() });
  };
  return (
    <form onSubmit={submit}>
      <label>
        Key
        <input name="key" autocomplete="username" required />
      </label>
      <label>
        Secret
        <input name="secret" type="password" autocomplete="current-password" required />
      </label>
      <button type="submit" class="main">
        Sign in
      </button>
    </form>
  );
}
