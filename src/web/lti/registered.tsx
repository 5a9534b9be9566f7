import { useTitle } from '../shared/title';

/** The administrator of an LMS has registered rollbook there. */
export function RegisteredPage({ facts }: { facts: URLSearchParams }) {
  const deployment = facts.get('deployment');
  useTitle('Registered');
  return (
    <>
      <h1>rollbook is registered</h1>
      <dl>
        <div>
          <dt>Client id</dt>
          <dd>{facts.get('client')}</dd>
        </div>
        {deployment && (
          <div>
            <dt>Deployment id</dt>
            <dd>{deployment}</dd>
          </div>
        )}
      </dl>
      <p>
        {deployment
          ? 'Switch the tool on in the LMS, and put it into courses.'
          : 'Switch the tool on in the LMS. The operator of rollbook then adds its deployment: rollbook lti platform add --deployment.'}
      </p>
      <button type="button" class="main" onClick={close}>
        Close
      </button>
    </>
  );
}

/** LTI Dynamic Registration 1.0, 3.7: the LMS closes the window in which it has opened this. */
const close = () => (window.opener ?? window.parent).postMessage({ subject: 'org.imsglobal.lti.close' }, '*');
