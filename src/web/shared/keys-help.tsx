import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { withMessages } from '../messages/messages';
import { useLoaded } from './loaded';
import { isForPage } from './single-keys';

/** Whether the keys that work on the page are shown. */
export const areKeysShown = signal(false);

/** Shows them at `?`, on every page: looked for seldom, and fetched by those who do. */
export function KeysHelp() {
  useEffect(() => {
    const ask = (event: KeyboardEvent) => {
      if (isForPage(event, '?')) areKeysShown.value = true;
    };
    window.addEventListener('keydown', ask);
    return () => window.removeEventListener('keydown', ask);
  }, []);
  return areKeysShown.value ? <Keys /> : null;
}

function Keys() {
  const { value } = useLoaded('keys', () => withMessages(import('./keys-dialog'), 'later'));
  const close = () => {
    areKeysShown.value = false;
  };
  return value ? <value.default onClose={close} /> : null;
}
