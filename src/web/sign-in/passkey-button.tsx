import { useState } from 'preact/hooks';
import { t } from '../messages/messages';
import type { Proof } from '../shared/session';

interface Options {
  readonly isBusy: boolean;
  onProof(proof: Proof): Promise<unknown>;
  onError(error: Error): void;
}

/** Signs in by a passkey of the device, or of a phone. */
export function PasskeyButton({ isBusy, onProof, onError }: Options) {
  const [isAsking, setAsking] = useState(false);
  const ask = async () => {
    setAsking(true);
    const { answerOfPasskey, errorOf } = await import('./passkeys');
    try {
      await onProof({ response: await answerOfPasskey() });
    } catch (reason) {
      onError(errorOf(reason as Error));
    } finally {
      setAsking(false);
    }
  };
  return (
    <button type="button" disabled={isAsking || isBusy} onClick={ask}>
      {t(isAsking ? 'passkeys.waiting' : 'passkeys.sign-in')}
    </button>
  );
}
