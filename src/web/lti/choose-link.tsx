import { useState } from 'preact/hooks';
import type { LtiLinked } from '../../../schemas/lti/linking';
import { t } from '../messages/messages';
import { call } from '../shared/api';
import { ErrorNotice } from '../shared/error-text';
import { useTitle } from '../shared/title';

const links = ['roll', 'month', 'own'] as const;

/** Somebody puts a link into a course of the LMS, and says what it is of. */
export function ChooseLink({ handle }: { handle: string }) {
  const [error, setError] = useState<Error>();
  useTitle(t('lti.link.title'));
  const choose = async (page: string) => {
    try {
      sendForm((await call<LtiLinked>('POST', '/lti/link', { body: { handle, page } })).body);
    } catch (reason) {
      setError(reason as Error);
    }
  };
  return (
    <>
      <h1>{t('lti.link.what')}</h1>
      <ul class="sections">
        {links.map((page) => (
          <li key={page}>
            <button type="button" onClick={() => choose(page)}>
              {t(`lti.link.${page}`)}
            </button>
            <p class="quiet">{t(`lti.link.${page}.what`)}</p>
          </li>
        ))}
      </ul>
      <ErrorNotice error={error} />
    </>
  );
}

/** Deep Linking 2.0, 4.5: the browser carries the answer to the LMS, in a form. */
function sendForm({ return_url, jwt }: LtiLinked): void {
  const form = Object.assign(document.createElement('form'), { method: 'post', action: return_url, hidden: true });
  form.append(Object.assign(document.createElement('input'), { name: 'JWT', value: jwt }));
  document.body.append(form);
  form.submit();
}
