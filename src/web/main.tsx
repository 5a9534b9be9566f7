import { effect } from '@preact/signals';
import { render } from 'preact';
import { Page } from './page';
import { openBox } from './roll/box';
import { knowSession, session } from './shared/session';
import { keepShell } from './shared/shell';

effect(() => {
  if (session.value) openBox(session.value.client.id);
});
document.addEventListener('visibilitychange', () => document.hidden || void knowSession().catch(() => undefined));

render(<Page />, document.getElementById('page')!);
void knowSession().catch(() => {
  session.value ??= null;
});
void keepShell();
