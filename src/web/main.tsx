/*
 * `src/web/`: The pages, built by Vite and served as files. They know the service by its API alone, and take their types
 * from `schemas/`.
 */

import { computed, effect, untracked } from '@preact/signals';
import { render } from 'preact';
import { beginPage } from './messages/begin';
import { Page } from './page';
import { openOutboxOf, outboxInUse, watchNetwork } from './roll/device-outbox';
import { knowSession, ownerOf, session, watchSession } from './shared/session';
import { keepShell } from './shared/shell';

const owner = computed(() => session.value && ownerOf(session.value));
effect(() => {
  const { value: name } = owner;
  untracked(() => openOutboxOf(name));
});
// Who had been signed out, and still sees the page, is the same owner when they sign in again: what waited for that goes out.
effect(() => {
  if (session.value) untracked(() => void outboxInUse.value?.flush());
});

/** Milliseconds after which a page that does not know yet who is signed in says that it is loading. */
const SOON = 300;
const late = new Promise((resolve) => setTimeout(resolve, SOON));

void Promise.all([beginPage(), Promise.race([knowSession(), late])]).then(() =>
  render(<Page />, document.getElementById('page')!),
);
void keepShell();
watchSession();
watchNetwork();
