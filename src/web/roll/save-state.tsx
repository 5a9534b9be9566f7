import { clock } from '../shared/days';
import { box } from './box';
import type { Pause } from './outbox';
import type { Roll } from './roll';

const waiting: Record<NonNullable<Pause>, string> = {
  offline: 'Offline: kept on this device, sent when the network is back',
  'signed-out': 'Signed out: kept on this device until you sign in again',
  busy: 'The server is busy: kept on this device, tried again shortly',
};

/** Whether what is on the page is on the server, in a word; said aloud when it changes. */
export function SaveState({ roll }: { roll: Roll }) {
  const [kind, text] = stateOf(roll, box.value!.pause.value);
  return (
    <p class={`save-state ${kind}`} role="status">
      {text}
    </p>
  );
}

function stateOf({ entry, isTaken, isSending, savedAt }: Roll, pause: Pause): [kind: string, text: string] {
  if (entry?.trouble?.kind === 'conflict') return ['trouble', 'Somebody else took this roll too: choose what stands'];
  if (entry?.trouble) return ['trouble', `Not saved: ${entry.trouble.message}`];
  if (isSending) return ['saving', 'Saving…'];
  if (entry) return pause ? ['waiting', waiting[pause]] : ['saving', 'Saving…'];
  if (savedAt) return ['saved', `Saved ${clock(new Date(savedAt).toISOString())}`];
  return isTaken ? ['saved', 'Taken'] : ['untaken', 'Not taken yet'];
}
