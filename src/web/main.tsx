import { computed, effect, untracked } from '@preact/signals';
import { render } from 'preact';
import { Page } from './page';
import { openBox, watchNetwork } from './roll/box';
import { knowSession, session } from './shared/session';
import { keepShell } from './shared/shell';

const owner = computed(() => session.value?.client.id);
effect(() => {
  const { value: client } = owner;
  if (client !== undefined) untracked(() => openBox(client));
});
document.addEventListener('visibilitychange', () => document.hidden || void knowSession().catch(() => undefined));

render(<Page />, document.getElementById('page')!);
void knowSession().catch(() => {
  session.value ??= null;
});
void keepShell();
watchNetwork();
