import { signal } from '@preact/signals-core';

/** Of an entry of localStorage. */
const NAME = 'rollbook.single-keys';

function isOff(): boolean {
  try {
    return localStorage.getItem(NAME) === 'off';
  } catch {
    return false; // a browser may keep nothing
  }
}

/**
 * Whether a key alone does something wherever one is on a page. Who speaks to a computer may type by what they say, and switches
 * it off (WCAG 2.2, 2.1.4).
 */
export const singleKeys = signal(!isOff());

/** Whether there are students on the page who are marked by keys. */
export const marksByKeys = signal(false);

/** Remembers it on this device. */
export function switchSingleKeys(on: boolean): void {
  singleKeys.value = on;
  try {
    if (on) localStorage.removeItem(NAME);
    else localStorage.setItem(NAME, 'off');
  } catch {
    // It is good for this page.
  }
}

/** Whether a key is meant for the page: none that is typed into a field, or comes with another. */
export const isForPage = (event: KeyboardEvent, key: string | undefined): boolean =>
  singleKeys.value &&
  event.key === key &&
  !(event.ctrlKey || event.metaKey || event.altKey) &&
  !(event.target as Element).matches('input:not([type=radio]), select, textarea');
