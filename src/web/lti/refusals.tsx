import type { LtiReason } from '../../../schemas/lti/launch';
import { t } from '../messages/messages';
import { useTitle } from '../shared/title';

/** Reasons of the service: for each there is a sentence of what is wrong, and one of who mends what. */
const reasons: Readonly<Record<LtiReason, true>> = {
  insecure: true,
  registration: true,
  linking: true,
  request: true,
  unregistered: true,
  target: true,
  expired: true,
  denied: true,
  token: true,
  keys: true,
  deployment: true,
  message: true,
  replayed: true,
  cookies: true,
  browser: true,
  role: true,
  person: true,
  email: true,
  ambiguous: true,
  staff: true,
  learner: true,
  revoked: true,
  section: true,
};
const isReason = (text: string): text is LtiReason => Object.hasOwn(reasons, text);

/** What the service tells of a launch that it refused. */
const facts = [
  ...(['issuer', 'client', 'deployment', 'target', 'person', 'email'] as const),
  ...(['section', 'role', 'error', 'description', 'message', 'version'] as const),
] as const;

/** What is to be mended, by whom, and with which values. */
export function Refusal({ reason, told }: { reason: string; told: URLSearchParams }) {
  const again = told.get('again');
  const known = facts.filter((name) => told.get(name));
  useTitle(t(reason === 'registration' ? 'lti.not-registered' : 'lti.not-signed-in'));
  return (
    <>
      <h1>{t(reason === 'registration' ? 'lti.not-registered' : 'lti.not-signed-in.what')}</h1>
      <p class="notice" role="alert">
        {t(isReason(reason) ? `lti.refused.${reason}` : 'lti.refused')}
      </p>
      <p>{t(isReason(reason) ? `lti.refused.${reason}.mend` : 'lti.refused-mend')}</p>
      {known.length > 0 && (
        <dl>
          {known.map((name) => (
            <div key={name}>
              <dt>{t(`lti.fact.${name}`)}</dt>
              <dd>{told.get(name)}</dd>
            </div>
          ))}
        </dl>
      )}
      {again && (
        <a
          class="button main"
          target="_blank"
          href={`./lti/again?${new URLSearchParams({ state: again })}`}
          rel="noopener"
        >
          {t('lti.new-window')}
        </a>
      )}
    </>
  );
}
