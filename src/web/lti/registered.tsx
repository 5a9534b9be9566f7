import { t } from '../messages/messages';
import { useTitle } from '../shared/title';

/** The administrator of an LMS has registered rollbook there. */
export function RegisteredPage({ facts }: { facts: URLSearchParams }) {
  const deployment = facts.get('deployment');
  useTitle(t('lti.registered'));
  return (
    <>
      <h1>{t('lti.registered.what')}</h1>
      <dl>
        <div>
          <dt>{t('lti.fact.client')}</dt>
          <dd>{facts.get('client')}</dd>
        </div>
        {deployment && (
          <div>
            <dt>{t('lti.fact.deployment')}</dt>
            <dd>{deployment}</dd>
          </div>
        )}
      </dl>
      <p>{t(deployment ? 'lti.registered.switch-on' : 'lti.registered.deploy')}</p>
      <button type="button" class="main" onClick={close}>
        {t('lti.close')}
      </button>
    </>
  );
}

/** LTI Dynamic Registration 1.0, 3.7: the LMS closes the window in which it has opened this. */
const close = () => (window.opener ?? window.parent).postMessage({ subject: 'org.imsglobal.lti.close' }, '*');
