import type { Mark, Status } from '../../ledger/attendance';

interface StatusGroup {
  readonly status_code: Status;
  readonly attendances: { readonly attendance: Mark[] };
}

/** The marks of a date, statuses ascending, enrollments ascending within a status. */
interface DateGroup {
  readonly date: string;
  readonly statuses: { readonly status: readonly StatusGroup[] };
}

/**
 * Groups marks, which come by date and enrollment, in one pass. A status or a date with nothing under it is not
 * listed, but for the dates of `taken`, on which everybody was present.
 */
export function groupByDate(marks: readonly Mark[], taken: readonly string[] = []): DateGroup[] {
  const groups: DateGroup[] = [];
  let next = 0;
  const allPresentBefore = (date: string) => {
    for (; next < taken.length && taken[next]! <= date; next++)
      if (taken[next]! < date) groups.push({ date: taken[next]!, statuses: { status: [] } });
  };
  for (let from = 0; from < marks.length; ) {
    const { date } = marks[from]!;
    let to = from;
    while (marks[to]?.date === date) to++;
    allPresentBefore(date);
    groups.push({ date, statuses: { status: groupByStatus(marks, from, to) } });
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
