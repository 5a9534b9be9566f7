import { useRef } from 'preact/hooks';
import { t } from '../messages/messages';

export interface Key {
  readonly key: string;
  readonly secret: string;
}

interface KeyFormProps {
  readonly isBusy: boolean;
  /** Whether somebody was signed in. */
  onSubmit(proof: Key): Promise<boolean>;
}

/** The key and secret of a client; a secret that was wrong is there to be typed over. */
export function KeyForm({ isBusy, onSubmit }: KeyFormProps) {
  const secret = useRef<HTMLInputElement>(null);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const field = (name: keyof Key) => String(form.get(name)).trim();
    if (!(await onSubmit({ key: field('key'), secret: field('secret') }))) secret.current?.select();
  };
  return (
    <form onSubmit={submit}>
      <label>
        {t('sign-in.key')}
        <input name="key" autocomplete="username" autocapitalize="none" spellcheck={false} required />
      </label>
      <label>
        {t('sign-in.secret')}
        <input name="secret" type="password" autocomplete="current-password" required ref={secret} />
      </label>
      <button type="submit">{t(isBusy ? 'sign-in.busy' : 'sign-in')}</button>
    </form>
  );
}
