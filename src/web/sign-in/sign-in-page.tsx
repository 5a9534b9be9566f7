/*
 * `src/web/sign-in/`: Signing in: by an invitation, by the account of the district, by email, or by a key.
 * Why it failed is said in plain words.
 */
import { useEffect, useState } from 'preact/hooks';
import type { Ways } from '../../../schemas/rollbook/session';
import { get, Refused } from '../shared/api';
import { replaceRoute, route } from '../shared/route';
import { type Proof, signIn } from '../shared/session';
import { EmailForm } from './email-form';
import { KeyForm } from './key-form';
import { PasskeyButton } from './passkey-button';
import { refusalOf } from './refusals';

/** Pages for whoever signs in, whoever was signed in before: an invitation, and why somebody was not let in. */
export const signInKinds: readonly string[] = ['invitation', 'refused'];

/** Signs in by an invitation, by the school's own sign-in where there is one, or with the key and secret of a client. */
export function SignInPage() {
  const [kind = '', rest = ''] = route.value;
  const [ways, setWays] = useState<Ways>();
  const [error, setError] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const [isSpent, setSpent] = useState(false);
  const [ownDevice, setOwnDevice] = useState(false);
  useEffect(() => {
    get<Ways>('/sign-in/ways').then(setWays, () => setWays({ openid: null, email: false, passkeys: false }));
  }, []);
  const attempt = async (proof: Proof): Promise<boolean> => {
    if (isBusy) return false; // an invitation is good once
    setBusy(true);
    setError(undefined);
    try {
      await signIn(proof, ownDevice);
      // Whoever had to sign in again goes on where they were.
      replaceRoute(signInKinds.includes(kind) ? '#/' : location.hash || '#/');
      return true;
    } catch (reason) {
      setError(sentenceOf(reason as Error, proof));
      setSpent('invitation' in proof && reason instanceof Refused);
      return false;
    } finally {
      setBusy(false);
    }
  };
  const isInvited = kind === 'invitation' && !isSpent;
  return (
    <section class="sign-in">
      <h1>Sign in to rollbook</h1>
      <Notice text={error ?? (kind === 'refused' ? refusalOf(rest) : undefined)} />
      {(isInvited || ways) && <OwnDevice isOwn={ownDevice} onSay={setOwnDevice} />}
      {isInvited ? (
        <Invitation isBusy={isBusy} onAccept={() => attempt({ invitation: rest })} />
      ) : (
        ways && (
          <>
            {ways.openid && (
              <a class="button main" href={`${ways.openid.url}${ownDevice ? '?own_device=1' : ''}`}>
                Sign in with {ways.openid.name}
              </a>
            )}
            {ways.email && (
              <EmailForm isBusy={isBusy} onCode={attempt} onError={(reason) => setError(reason.message)} />
            )}
            {ways.passkeys && 'PublicKeyCredential' in window && (
              <PasskeyButton isBusy={isBusy} onProof={attempt} onError={setError} />
            )}
            {!ways.openid && !ways.email && (
              <p>Open the link that the office has given you. If you have none, ask the office for one.</p>
            )}
            <details class="operator">
              <summary>With the key of a client, for operators</summary>
              <KeyForm isBusy={isBusy} onSubmit={attempt} />
            </details>
          </>
        )
      )}
    </section>
  );
}

interface OwnDeviceProps {
  readonly isOwn: boolean;
  onSay(isOwn: boolean): void;
}

/** How long one stays signed in is the person's to say, who alone knows whose device it is. */
const OwnDevice = ({ isOwn, onSay }: OwnDeviceProps) => (
  <label class="own-device">
    <input type="checkbox" checked={isOwn} onChange={({ currentTarget }) => onSay(currentTarget.checked)} />
    <span>
      This device is mine alone
      <span class="quiet">
        {isOwn
          ? 'You stay signed in until you do not use it for 30 days.'
          : 'You are signed out after 12 hours without use.'}
      </span>
    </span>
  </label>
);

/** It is there before it says anything, so that a screen reader says it. */
const Notice = ({ text }: { text: string | undefined }) => (
  <div role="alert">{text && <p class="notice">{text}</p>}</div>
);

/** Not accepted by opening it: programs that look into mail open links too, and it is good once. */
function Invitation({ isBusy, onAccept }: { isBusy: boolean; onAccept(): void }) {
  return (
    <>
      <p>Somebody has invited you. The link signs you in on this device, once.</p>
      <button type="button" class="main" onClick={onAccept}>
        {isBusy ? 'Signing in…' : 'Accept the invitation'}
      </button>
    </>
  );
}

function sentenceOf(reason: Error, proof: object): string {
  if (!(reason instanceof Refused) || reason.code !== 'CREDENTIALS_INVALID') return reason.message;
  if ('response' in proof) return 'This passkey signs nobody in here. Sign in another way, and make a new one.';
  if ('code' in proof) return 'The code is not right, or is too old. After five tries, have another mail sent.';
  return 'invitation' in proof
    ? 'This link was used already, or is too old. Ask the office for another one.'
    : 'The key or the secret is not right.';
}
