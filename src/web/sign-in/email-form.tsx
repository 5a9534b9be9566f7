import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { EmailAsked } from '../../../schemas/rollbook/session';
import { t } from '../messages/messages';
import { call } from '../shared/api';

interface Options {
  readonly isBusy: boolean;
  /** Whether somebody was signed in. */
  onCode(proof: { readonly request: string; readonly code: string }): Promise<boolean>;
  onError(error: Error): void;
}

/** Has a link and a code sent to an address, and takes the code. */
export function EmailForm({ isBusy, onCode, onError }: Options) {
  const [asked, setAsked] = useState<{ readonly email: string; readonly request: string }>();
  const ask = (event: SubmitEvent) => {
    event.preventDefault();
    const email = String(new FormData(event.currentTarget as HTMLFormElement).get('email')).trim();
    call<EmailAsked>('POST', '/sign-in/email', { body: { email } }).then(
      ({ body: { request } }) => setAsked({ email, request }),
      onError,
    );
  };
  if (asked) return <CodeForm {...asked} isBusy={isBusy} onCode={onCode} onBack={() => setAsked(undefined)} />;
  return (
    <form onSubmit={ask}>
      <label>
        {t('sign-in.email')}
        <input name="email" type="email" autocomplete="email" maxLength={254} required />
      </label>
      <button type="submit" class="main">
        {t('sign-in.send')}
      </button>
    </form>
  );
}

interface CodeOptions extends Pick<Options, 'isBusy' | 'onCode'> {
  readonly email: string;
  readonly request: string;
  onBack(): void;
}

function CodeForm({ email, request, isBusy, onCode, onBack }: CodeOptions) {
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => field.current!.focus(), []);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (!(await onCode({ request, code: field.current!.value.trim() }))) field.current?.select();
  };
  return (
    <form onSubmit={submit}>
      <p role="status">{t('sign-in.sent', { email })}</p>
      <label>
        {t('sign-in.code')}
        <input
          name="code"
          ref={field}
          inputMode="numeric"
          autocomplete="one-time-code"
          pattern=" *[0-9]{3} ?[0-9]{3} *"
          title={t('sign-in.digits')}
          required
        />
      </label>
      <button type="submit" class="main">
        {t(isBusy ? 'sign-in.busy' : 'sign-in')}
      </button>
      <button type="button" onClick={onBack}>
        {t('sign-in.another')}
      </button>
    </form>
  );
}
