import { clock } from '../shared/days';
import { session } from '../shared/session';
import { box } from './box';
import type { Roll } from './roll';
import type { Pause } from './tries';

const waiting: Record<NonNullable<Pause>, string> = {
  offline: 'Offline: kept on this device, sent when the network is back',
  'signed-out': 'Signed out: kept on this device until you sign in again',
  busy: 'The server is busy: kept on this device, tried again shortly',
};

/** Whether what is on the page is on the server, in a word; said aloud when it changes. */
export function SaveState({ roll }: { roll: Roll }) {
  const [kind, text] = stateOf(roll, box.value!.pause.value, session.value!.district.time_zone);
  return (
    <p class={`save-state ${kind}`} role="status">
      {text}
    </p>
  );
}

function stateOf(roll: Roll, pause: Pause, timeZone: string): [kind: string, text: string] {
  const { entry, isTaken, isSending, isHomeless, savedAt } = roll;
  if (entry?.trouble?.kind === 'conflict') return ['trouble', 'Somebody else took this roll too: choose what stands'];
  if (entry?.trouble) return ['trouble', `Not saved: ${entry.trouble.message}`];
  if (isHomeless) return ['trouble', 'No room on this device: leave this page open until the roll is saved'];
  if (isSending) return ['saving', 'Saving…'];
  if (entry) return pause ? ['waiting', waiting[pause]] : ['saving', 'Saving…'];
  if (savedAt) return ['saved', `Saved ${clock(new Date(savedAt).toISOString(), timeZone)}`];
  return isTaken ? ['saved', 'Taken'] : ['untaken', 'Not taken yet'];
}
