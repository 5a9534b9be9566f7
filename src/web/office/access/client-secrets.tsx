import { useLayoutEffect, useRef } from 'preact/hooks';
import type { ApiClientSecret } from '../../../../schemas/rollbook/api-clients';
import { t } from '../../messages/messages';
import { clock } from '../../shared/days';
import { session } from '../../shared/session';

interface Options {
  readonly client: ApiClientSecret;
  onClose(): void;
}

/** The key, secret and token of a client. They are shown this once. */
export function ClientSecrets({ client, onClose }: Options) {
  const head = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => head.current!.focus(), [client]);
  const { name, key, secret, token, previous_secret_until: until } = client;
  return (
    <section class="picture" aria-labelledby="secrets-title">
      <header>
        <h3 id="secrets-title" tabIndex={-1} ref={head}>
          {t('client.secret-of', { name })}
        </h3>
        <button type="button" onClick={onClose}>
          {t('close')}
        </button>
      </header>
      <p class="quiet">
        {t('client.shown-once')}
        {until && ` ${t('client.old-until', { time: clock(until, session.value!.district.time_zone) })}`}
      </p>
      <dl class="secrets">
        {Object.entries({ [t('client.key')]: key, [t('client.secret')]: secret, [t('client.token')]: token }).map(
          ([word, text]) => (
            <div key={word}>
              <dt>{word}</dt>
              <dd>
                <code>{text}</code>
              </dd>
            </div>
          ),
        )}
      </dl>
    </section>
  );
}
