import { clock } from '../shared/days';
import { session } from '../shared/session';
import { outboxInUse } from './device-outbox';
import type { Pause } from './outbox';
import type { OpenRoll } from './roll';

/** Each leaves room for how the roll stands, in two lines of a phone. */
const waiting: Record<NonNullable<Pause>, string> = {
  offline: 'Offline: kept on this device',
  'signed-out': 'Signed out: kept on this device until you sign in again',
  busy: 'The server is busy: kept on this device',
};

/** Whether what is on the page is on the server, in a word, and whether the roll is taken; said aloud when it changes. */
export function SaveState({ roll }: { roll: OpenRoll }) {
  const [kind, text] = stateOf(roll, outboxInUse.value!.pause.value, session.value!.district.time_zone);
  return (
    <p class={`save-state ${kind}`} role="status">
      {text}
    </p>
  );
}

function stateOf(roll: OpenRoll, pause: Pause, timeZone: string): [kind: string, text: string] {
  const { entry, isTaken, isSending, isHomeless, savedAt, marked } = roll;
  if (entry?.trouble?.kind === 'conflict')
    return ['trouble', 'Somebody else marked the same students: choose what stands'];
  if (entry?.trouble?.kind === 'undo') return ['trouble', 'Nothing is undone yet: choose what stands'];
  if (entry?.trouble) return ['trouble', `Not saved: ${entry.trouble.message}`];
  if (isHomeless) return ['trouble', 'No room on this device: leave this page open until the roll is saved'];
  const how = isTaken ? 'Taken' : `Not taken yet${marked > 0 ? `, ${marked} marked` : ''}`;
  if (entry && pause && !isSending) return ['waiting', `${waiting[pause]}. ${how}`];
  if (entry) return ['saving', `Saving… ${how}`];
  if (!isTaken) return ['untaken', savedAt ? `Saved. ${how}` : how];
  return ['saved', savedAt ? `Saved ${clock(new Date(savedAt).toISOString(), timeZone)}. ${how}` : how];
}
