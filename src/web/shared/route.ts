import { signal } from '@preact/signals';

/** The parts of `#/sections/12/2026-11-20`. */
export const route = signal<readonly string[]>(parts());

window.addEventListener('hashchange', () => {
  route.value = parts();
  window.scrollTo(0, 0);
  focusPage();
});

/** A screen reader, and the keyboard, go on where the new page begins. */
export function focusPage(): void {
  queueMicrotask(() => document.querySelector<HTMLElement>('main')?.focus());
}

function parts(): string[] {
  return location.hash.replace(/^#\/?/, '').split('/').filter(Boolean).map(decoded);
}

/** Goes to a page in place of this one, of which nothing stays in the history. */
export function replaceRoute(hash: string): void {
  history.replaceState(null, '', hash);
  route.value = parts();
  focusPage();
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // somebody has cut an address short
  }
}
