import { useState } from 'preact/hooks';
import type { Proof } from '../shared/session';

interface Options {
  readonly isBusy: boolean;
  onProof(proof: Proof): Promise<unknown>;
  onError(text: string): void;
}

/** Signs in by a passkey of the device, or of a phone. */
export function PasskeyButton({ isBusy, onProof, onError }: Options) {
  const [isAsking, setAsking] = useState(false);
  const ask = async () => {
    setAsking(true);
    const { answerOfPasskey, sentenceOf } = await import('./passkeys');
    try {
      await onProof({ response: await answerOfPasskey() });
    } catch (reason) {
      onError(sentenceOf(reason as Error));
    } finally {
      setAsking(false);
    }
  };
  return (
    <button type="button" disabled={isAsking || isBusy} onClick={ask}>
      {isAsking ? 'Waiting for your device…' : 'Sign in with a passkey'}
    </button>
  );
}
