import { t } from '../messages/messages';
import { useTitle } from '../shared/title';

/** The administrator of an LMS has registered rollbook there. */
export function RegisteredPage({ facts }: { facts: URLSearchParams }) {
  const known = (['issuer', 'client', 'deployment'] as const).filter((name) => facts.get(name));
  useTitle(t('lti.registered'));
  return (
    <>
      <h1>{t('lti.registered.what')}</h1>
      <dl>
        {known.map((name) => (
          <div key={name}>
            <dt>{t(`lti.fact.${name}`)}</dt>
            <dd>{facts.get(name)}</dd>
          </div>
        ))}
      </dl>
      <p>{t(facts.get('deployment') ? 'lti.registered.switch-on' : 'lti.registered.deploy')}</p>
      <button type="button" class="main" onClick={close}>
        {t('lti.close')}
      </button>
    </>
  );
}

/** LTI Dynamic Registration 1.0, 3.7: the LMS closes the window in which it has opened this. */
const close = () => (window.opener ?? window.parent).postMessage({ subject: 'org.imsglobal.lti.close' }, '*');
