import type { Mark, Status } from '../../ledger/attendance';

interface StatusGroup {
  readonly status_code: Status;
  readonly attendances: { readonly attendance: Mark[] };
}

/** The marks of a date, statuses ascending, enrollments ascending within a status. */
interface DateGroup {
  readonly date: string;
  /** An extension, where it is asked for: the roll is not taken, so that whoever is not listed is unknown. */
  readonly taken?: 0;
  readonly statuses: { readonly status: readonly StatusGroup[] };
}

/**
 * Groups marks, which come by date and enrollment, in one pass. A status or a date with nothing under it is not
 * listed, but for those of `allPresent` on which there is none.
 * @param taken the dates whose rolls are taken, where it is to be said of each
 */
export function groupByDate(
  marks: readonly Mark[],
  allPresent: readonly string[] = [],
  taken?: ReadonlySet<string>,
): DateGroup[] {
  const groups: DateGroup[] = [];
  const add = (date: string, status: readonly StatusGroup[]) =>
    groups.push({ date, ...(taken && !taken.has(date) && { taken: 0 }), statuses: { status } });
  let next = 0;
  const allPresentBefore = (date: string) => {
    for (; next < allPresent.length && allPresent[next]! <= date; next++)
      if (allPresent[next]! < date) add(allPresent[next]!, []);
  };
  for (let from = 0; from < marks.length; ) {
    const { date } = marks[from]!;
    let to = from;
    while (marks[to]?.date === date) to++;
    allPresentBefore(date);
    add(date, groupByStatus(marks, from, to));
    from = to;
  }
  allPresentBefore('\uffff');
  return groups;
}

function groupByStatus(marks: readonly Mark[], from: number, to: number): StatusGroup[] {
  const groups: (StatusGroup | undefined)[] = [];
  for (let at = from; at < to; at++) {
    const mark = marks[at]!;
    groups[mark.status] ??= { status_code: mark.status, attendances: { attendance: [] } };
    groups[mark.status]?.attendances.attendance.push(mark);
  }
  return groups.filter((group) => group !== undefined);
}

/** Counts marks of each status as they come. */
export function countsByStatus() {
  const counts: number[] = [];
  return {
    add(marks: readonly Mark[]): void {
      for (const { status } of marks) counts[status] = (counts[status] ?? 0) + 1;
    },
    /** Statuses ascending. */
    list: (): { status: Status; count: number }[] =>
      counts.flatMap((count, status) => (count ? [{ status: status as Status, count }] : [])),
  };
}

/** How many marks of each status there are. */
export function totalsOf(marks: readonly Mark[]): { status: Status; count: number }[] {
  const counts = countsByStatus();
  counts.add(marks);
  return counts.list();
}
