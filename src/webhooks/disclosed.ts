import type { Change } from '../../schemas/rollbook/changes';
import type { Read } from '../audit/read';
import { earlier, later, plusDays } from '../days';

/**
 * Whose records a message about changes of a section has: of the people whom changes name, and of all who were in the section on
 * the days of the others.
 * @param hasRecords whether it has the changes themselves; else it says only that there are some
 */
export function readsOf(changes: readonly Change[], hasRecords: boolean): Read[] {
  const named: Read[] = changes.flatMap((change) =>
    'person' in change ? [{ person: change.person, section: change.section ?? undefined, records: 1 }] : [],
  );
  const others = changes.filter((change) => !('person' in change));
  if (others.length === 0) return named;
  const section = others[0]!.section ?? undefined;
  return [...named, { section, ...daysOf(others), records: hasRecords ? others.length : 0 }];
}

/** From the first day of the changes to the last; without an end where one of them is of no day. */
function daysOf(changes: readonly Change[]): Pick<Read, 'from' | 'to'> {
  const days = changes.flatMap((change) => {
    if ('date' in change) return [{ from: change.date, to: change.date }];
    return 'end_date' in change ? [{ from: change.begin_date, to: plusDays(change.end_date, -1) }] : [];
  });
  if (days.length < changes.length) return {};
  return days.reduce((all, { from, to }) => ({ from: earlier(all.from, from), to: later(all.to, to) }));
}
