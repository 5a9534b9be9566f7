import type { RollSummary } from '../../../schemas/rollbook/reports';
import { t } from '../messages/messages';
import { countOf, statuses } from '../shared/status';
import { outboxInUse } from './device-outbox';
import { rollKey } from './outbox';

/** How a roll stands, in a few words: `Not taken, 2 marked`. */
export function stateOf({ section_id, taken_at, absent, late, excused, marked }: RollSummary, date: string): string {
  if (outboxInUse.value!.entries.value.has(rollKey(section_id, date))) return t('roll.on-device');
  if (!taken_at) return untakenState(marked);
  const counts = [absent, late, excused];
  const said = statuses
    .filter(({ status }) => counts[status - 2])
    .map(({ status }) => countOf(status, counts[status - 2]!));
  return said.length > 0 ? said.join(', ') : t('roll.all-present');
}

/** Of a roll that is not taken: `Not taken, 2 marked`. */
export const untakenState = (marked: number): string =>
  marked > 0 ? t('roll.not-taken.marked', { n: marked }) : t('roll.not-taken');
