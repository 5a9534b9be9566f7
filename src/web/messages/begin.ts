import { effect } from '@preact/signals';
import { direction, language } from './language';
import { beginToSpeak, type Part } from './messages';

/** Has a document speak the language of the device, and say of itself which one it is, and on which side its lines begin. */
export function beginPage(...parts: readonly Part[]): Promise<void> {
  effect(() => {
    Object.assign(document.documentElement, { lang: language.value, dir: direction() });
  });
  return beginToSpeak(...parts);
}
