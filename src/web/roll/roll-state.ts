import type { RollSummary } from '../../../schemas/rollbook/reports';
import { outboxInUse } from './device-outbox';
import { rollKey } from './outbox';

/** How a roll stands, in a few words: `Not taken, 2 marked`. */
export function stateOf({ section_id, taken_at, absent, late, excused, marked }: RollSummary, date: string): string {
  if (outboxInUse.value!.entries.value.has(rollKey(section_id, date))) return 'On this device';
  if (!taken_at) return marked > 0 ? `Not taken, ${marked} marked` : 'Not taken';
  const parts = [
    [absent, 'absent'],
    [late, 'late'],
    [excused, 'excused'],
  ] as const;
  const said = parts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`);
  return said.length > 0 ? said.join(', ') : 'All present';
}
