import type { Actor } from '../actor';
import type { Executor } from '../database/database';
import { idOn } from '../days';
import { yesterday } from '../roster/teaches';
import { type Mark, type MarkRequest, type Meeting, type Outcome, Status } from './attendance';
import { type CheckedMark, check, type Refused } from './check';
import { type Enrollment, type PlacedMark, place, type Resolution, type Standing, type State } from './resolve';
import type { WriteSql } from './sql/write';

/** Each request as a mark that fits the roster, or why it does not. */
export async function placed(
  tx: Executor,
  sql: WriteSql,
  requests: readonly MarkRequest[],
  actor: Actor,
  section?: number,
): Promise<(PlacedMark | Refused)[]> {
  const checked = requests.map(check);
  const enrollments = await enrollmentsOf(tx, sql, checked, actor);
  return checked.map((mark) => ('ok' in mark ? mark : place(mark, enrollments.get(mark.enrollment), section)));
}

export const marksAmong = (placed: readonly (PlacedMark | Refused)[]): PlacedMark[] =>
  placed.filter((mark) => !('ok' in mark)) as PlacedMark[];

async function enrollmentsOf(
  tx: Executor,
  sql: WriteSql,
  checked: readonly (CheckedMark | Refused)[],
  { district, person }: Actor,
): Promise<Map<number, Enrollment>> {
  const ids = new Set<number>();
  for (const mark of checked) if (!('ok' in mark) && Number.isSafeInteger(mark.enrollment)) ids.add(mark.enrollment);
  const values = { ids: JSON.stringify([...ids].map((id) => [id])), district, person, yesterday: yesterday() };
  const found = await tx.all<Enrollment>(sql.enrollments, values);
  return new Map(found.map((enrollment) => [enrollment.id, enrollment]));
}

/** What the ledger says of the meetings of these marks. */
export async function stateOf(
  tx: Executor,
  sql: WriteSql,
  marks: readonly PlacedMark[],
  { district }: Actor,
): Promise<State> {
  const meetings = new Map(marks.map(({ meeting, section, date }) => [meeting, [section, date]]));
  const days = JSON.stringify([...meetings.values()]);
  const spoken = marks.filter(({ status, comment }) => status === Status.present && comment);
  const taken = await tx.all<Meeting>(sql.taken, { days, district });
  return {
    marks: byEntry(await tx.all<StandingRow>(sql.standing, { days, district })),
    taken: new Set(taken.map((meeting) => idOn(meeting.section_id, meeting.date))),
    said: byEntry(spoken.length > 0 ? await tx.all<StandingRow>(sql.said, { keys: keyRows(spoken), district }) : []),
  };
}

/** What to answer to each request, in their order. */
export function outcomesOf(placed: readonly (PlacedMark | Refused)[], { steps }: Resolution): Outcome[] {
  const done = steps.values();
  return placed.map((mark) => {
    if ('ok' in mark) return mark;
    const { was, now, changed } = done.next().value!;
    return { ok: true, id: String(mark.entry), before: was.status, after: now.status, comment: now.comment, changed };
  });
}

type StandingRow = Standing & Pick<Mark, 'enrollment_id' | 'date'>;

const byEntry = (rows: readonly StandingRow[]): Map<number, Standing> =>
  new Map(rows.map((row) => [idOn(row.enrollment_id, row.date), row]));

export const keyRows = (marks: Iterable<PlacedMark>): string =>
  JSON.stringify([...marks].map(({ section, date, enrollment }) => [section, date, enrollment]));
