import { computed, signal } from '@preact/signals';

const hash = signal(location.hash);

/** The parts of `#/sections/12/2026-11-20`. */
export const route = computed<readonly string[]>(() => {
  const [path = ''] = hash.value.replace(/^#\/?/, '').split('?');
  return path.split('/').filter(Boolean).map(decoded);
});

/** What was picked on a page: `school=3` of `#/?school=3`. */
export const query = computed(() => new URLSearchParams(hash.value.split('?')[1]));

window.addEventListener('hashchange', () => {
  hash.value = location.hash;
  window.scrollTo(0, 0);
  focusPage();
});

/** A screen reader, and the keyboard, go on where the new page begins. */
export function focusPage(): void {
  queueMicrotask(() => document.querySelector<HTMLElement>('main')?.focus());
}

/** Goes to a page in place of this one, of which nothing stays in the history. */
export function replaceRoute(to: string): void {
  replaceHash(to);
  focusPage();
}

/** Keeps what was picked on a page in its address; whoever picks stays where they are. */
export function replaceHash(to: string): void {
  history.replaceState(null, '', to);
  hash.value = to;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // somebody has cut an address short
  }
}
