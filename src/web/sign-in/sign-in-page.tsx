/*
 * `src/web/sign-in/`: Signing in: by an invitation, by the account of the district, by email, or by a key.
 * Why it failed is said in plain words.
 */

import { useEffect, useState } from 'preact/hooks';
import type { Ways } from '../../../schemas/rollbook/session';
import { t } from '../messages/messages';
import { get, Refused } from '../shared/api';
import { ErrorNotice } from '../shared/error-text';
import { replaceRoute, route } from '../shared/route';
import { type Proof, signIn } from '../shared/session';
import { useTitle } from '../shared/title';
import { EmailForm } from './email-form';
import { KeyForm } from './key-form';
import { signInKinds } from './kinds';
import { PasskeyButton } from './passkey-button';
import { refusalOf } from './refusals';

/** Signs in by an invitation, by the school's own sign-in where there is one, or with the key and secret of a client. */
export function SignInPage() {
  const [kind = '', rest = ''] = route.value;
  const [ways, setWays] = useState<Ways>();
  const [error, setError] = useState<Error>();
  const [isBusy, setBusy] = useState(false);
  const [isSpent, setSpent] = useState(false);
  const [ownDevice, setOwnDevice] = useState(false);
  useTitle(t('sign-in'));
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
      setError(errorOf(reason as Error, proof));
      setSpent('invitation' in proof && reason instanceof Refused);
      return false;
    } finally {
      setBusy(false);
    }
  };
  const isInvited = kind === 'invitation' && !isSpent;
  return (
    <section class="sign-in">
      <h1>{t('sign-in.title')}</h1>
      <ErrorNotice error={error ?? (kind === 'refused' ? new Error(refusalOf(rest)) : undefined)} />
      {(isInvited || ways) && <OwnDevice isOwn={ownDevice} onSay={setOwnDevice} />}
      {isInvited ? (
        <Invitation isBusy={isBusy} onAccept={() => attempt({ invitation: rest })} />
      ) : (
        ways && (
          <>
            {ways.openid && (
              <a class="button main" href={`${ways.openid.url}${ownDevice ? '?own_device=1' : ''}`}>
                {t('sign-in.with', { name: ways.openid.name })}
              </a>
            )}
            {ways.email && <EmailForm isBusy={isBusy} onCode={attempt} onError={setError} />}
            {ways.passkeys && 'PublicKeyCredential' in window && (
              <PasskeyButton isBusy={isBusy} onProof={attempt} onError={setError} />
            )}
            {!ways.openid && !ways.email && <p>{t('sign-in.by-link')}</p>}
            <details class="operator">
              <summary>{t('sign-in.operators')}</summary>
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
      {t('sign-in.own-device')}
      <span class="quiet">{t(isOwn ? 'sign-in.own-device.yes' : 'sign-in.own-device.no')}</span>
    </span>
  </label>
);

/** Not accepted by opening it: programs that look into mail open links too, and it is good once. */
function Invitation({ isBusy, onAccept }: { isBusy: boolean; onAccept(): void }) {
  return (
    <>
      <p>{t('sign-in.invited')}</p>
      <button type="button" class="main" onClick={onAccept}>
        {t(isBusy ? 'sign-in.busy' : 'sign-in.accept')}
      </button>
    </>
  );
}

function errorOf(reason: Error, proof: Proof): Error {
  if (!(reason instanceof Refused) || reason.code !== 'CREDENTIALS_INVALID') return reason;
  if ('response' in proof) return new Error(t('sign-in.wrong.passkey'));
  if ('code' in proof) return new Error(t('sign-in.wrong.code'));
  return new Error(t('invitation' in proof ? 'sign-in.wrong.invitation' : 'sign-in.wrong.key'));
}
