import type { ComponentChildren } from 'preact';
import { t } from '../messages/messages';
import { rich } from '../messages/rich';
import { clock } from '../shared/days';
import { session } from '../shared/session';
import { outboxInUse } from './device-outbox';
import { differences } from './marks';
import type { Pause } from './outbox';
import type { OpenRoll } from './roll';

/** Whether what is on the page is on the server, in a word, and whether the roll is taken; said aloud when it changes. */
export function SaveState({ roll }: { roll: OpenRoll }) {
  const [kind, said] = stateOf(roll, outboxInUse.value!.pause.value, session.value!.district.time_zone);
  return (
    <p class={`save-state ${kind}`} role="status">
      {said}
    </p>
  );
}

/** The server's words are English. */
export const NotSaved = ({ why }: { why: string }) => (
  <>{rich('save.refused', { why: why ? <span lang="en">{why}</span> : t('save.some-refused') })}</>
);

function stateOf(roll: OpenRoll, pause: Pause, timeZone: string): [kind: string, said: ComponentChildren] {
  const { entry, isTaken, isSending, isHomeless, savedAt, marked } = roll;
  if (entry?.trouble?.kind === 'conflict')
    return ['trouble', t('save.conflict', { n: differences(entry, entry.trouble.theirs).length })];
  if (entry?.trouble?.kind === 'undo') return ['trouble', t('save.undo')];
  if (entry?.trouble) return ['trouble', <NotSaved key="refused" why={entry.trouble.message} />];
  if (isHomeless) return ['trouble', t('save.homeless')];
  const how = isTaken ? t('save.taken') : marked > 0 ? t('save.marked', { n: marked }) : t('save.untaken');
  if (entry && pause && !isSending) return ['waiting', `${t(`save.pause.${pause}`)} ${how}`];
  if (entry) return ['saving', `${t('save.saving')} ${how}`];
  if (!isTaken) return ['untaken', savedAt ? `${t('save.saved')} ${how}` : how];
  const time = savedAt && clock(new Date(savedAt).toISOString(), timeZone);
  return ['saved', time ? `${t('save.saved-at', { time })} ${how}` : how];
}
