import { t } from '../messages/messages';
import { useTitle } from './title';

/** What is shown at an address that leads nowhere, and why. */
export function NoPage({ why = t('no-page.why') }: { why?: string }) {
  useTitle(t('no-page'));
  return (
    <>
      <h1>{t('no-page')}</h1>
      <p class="notice" role="alert">
        {why} <a href="#/">{t('no-page.first')}</a>
      </p>
    </>
  );
}
