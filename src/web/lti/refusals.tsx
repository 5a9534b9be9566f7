import type { LtiReason } from '../../../schemas/lti/launch';
import { useTitle } from '../shared/title';

/** Why a launch signs nobody in, and who mends what. */
const sentences: Readonly<Record<LtiReason, readonly [what: string, mend: string]>> = {
  insecure: [
    'rollbook was opened over plain http.',
    'The operator of rollbook has to put TLS in front of it, and the LMS has to open its https address.',
  ],
  registration: [
    'rollbook was not registered at this LMS.',
    'Mend what is said here, and ask the operator of rollbook for another link: rollbook lti platform invite.',
  ],
  linking: [
    'The LMS wants the link at an address that is not one of its own.',
    'The operator of rollbook has to register that address, too: rollbook lti platform add --frame-origin.',
  ],
  request: [
    'The LMS left out what a launch has to have.',
    'Whoever runs the LMS: check that the tool is an LTI 1.3 tool, with the login URL and the redirect URI of rollbook.',
  ],
  unregistered: [
    'rollbook does not know this LMS.',
    'The operator of rollbook has to register it, with this issuer and this client id: rollbook lti platform add.',
  ],
  target: [
    'The LMS has launched another address than one of rollbook.',
    'Whoever runs the LMS: the target link URI has to be that of rollbook, /lti/launch. The operator: is PUBLIC_URL that address?',
  ],
  expired: ['That took more than ten minutes.', 'Open rollbook from the course again.'],
  denied: ['The LMS did not let you in.', 'Sign in to the LMS again, and open rollbook from the course.'],
  token: [
    'What the LMS sent could not be trusted, so nobody was signed in.',
    'Open rollbook from the course again. If it stays so: the operator of rollbook finds in its log what was wrong.',
  ],
  keys: [
    'The keys of the LMS cannot be had just now.',
    'Try again shortly. If it stays so: the operator of rollbook has to check --keys-url.',
  ],
  deployment: [
    'rollbook does not know this deployment of the LMS.',
    'The operator of rollbook has to add it for the district: rollbook lti platform add --deployment.',
  ],
  message: ['This is no launch that rollbook knows.', 'Whoever runs the LMS: link rollbook as a resource link.'],
  replayed: ['This launch was used already.', 'Open rollbook from the course again.'],
  cookies: ['Your browser keeps no cookies inside the LMS.', 'Open rollbook in a window of its own.'],
  browser: [
    'It cannot be told whether this launch was begun in this browser.',
    'Open rollbook in a window of its own, or from the course again.',
  ],
  role: [
    'The LMS does not say that you are a teacher, a student or an administrator here.',
    'Whoever runs the LMS: check your role in the course.',
  ],
  person: [
    'Nobody in the roster is known by what the LMS says of you.',
    'The office: does the LMS send the id that the SIS has for people (lis.person_sourcedid), and is this person in the roster?',
  ],
  email: [
    'The LMS sends your email address, but does not say that it has verified it, and no id of the SIS that is in the roster.',
    'Whoever runs the LMS: have it send the id of the SIS (lis.person_sourcedid). Or the operator, where nobody can change their address there: --trust-email.',
  ],
  ambiguous: ['Several people of the roster have your id or email address.', 'The office has to correct the roster.'],
  staff: [
    'The LMS says that you teach here; the roster does not list you as a teacher or as somebody of the office.',
    'The office has to correct your role in the SIS. Nobody is made a teacher by the LMS.',
  ],
  learner: [
    'The LMS says that you are a student here; the roster does not.',
    'Open rollbook as a teacher, not as a student. Else the office has to correct your role in the SIS.',
  ],
  revoked: ['Your access has been taken away.', 'Ask the office for an invitation if that is a mistake.'],
  section: [
    'The roster does not list you as a teacher of this section today.',
    'The office has to enroll you in it in the SIS.',
  ],
};

const words: Readonly<Record<string, string>> = {
  issuer: 'Issuer',
  client: 'Client id',
  deployment: 'Deployment id',
  target: 'Target link',
  person: 'Id of the person',
  email: 'Email address',
  section: 'Id of the section',
  role: 'Role in the roster',
  error: 'What the LMS says',
  description: 'More of it',
  message: 'Message',
  version: 'Version',
};

/** What is to be mended, by whom, and with which values. */
export function Refusal({ reason, facts }: { reason: string; facts: URLSearchParams }) {
  const [what, mend] = Object.hasOwn(sentences, reason)
    ? sentences[reason as LtiReason]
    : ['rollbook could not be opened.', 'Open it from the course again.'];
  const again = facts.get('again');
  const known = [...facts].filter(([name]) => words[name]);
  useTitle(reason === 'registration' ? 'Not registered' : 'Not signed in');
  return (
    <>
      <h1>{reason === 'registration' ? 'Not registered' : 'You are not signed in to rollbook'}</h1>
      <p class="notice" role="alert">
        {what}
      </p>
      <p>{mend}</p>
      {known.length > 0 && (
        <dl>
          {known.map(([name, value]) => (
            <div key={name}>
              <dt>{words[name]}</dt>
              <dd>{value}</dd>
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
          Open rollbook in a new window
        </a>
      )}
    </>
  );
}
