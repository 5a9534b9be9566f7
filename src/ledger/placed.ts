import type { Executor } from '../database/database';
import { WRITES_ON_DAYS, yesterday } from '../roster/access';
import { isWithin } from '../roster/enrolled';
import type { Actor } from './actor';
import { type CheckedMark, type Refused, type RefusedOfDay, refuse } from './check';
import { type Enrollment, meetingOf, type PlacedMark, place } from './resolve';
import { idRows, type MeetingKey } from './state';
import type { WriteSql } from './write-sql';

/** A request by itself, before anything is looked up. */
export type Checked = CheckedMark | Refused | RefusedOfDay;

/** With the meeting on whose roll it names a student, if it does. */
type RefusedOnRoll = Refused & { readonly meeting?: number | undefined };

/** The requests of a write, held against the roster. */
export interface Placed {
  /** Each as a mark that fits, or why it does not, in their order. */
  readonly answers: readonly (PlacedMark | RefusedOnRoll)[];
  readonly marks: readonly PlacedMark[];
  /** The meetings on whose rolls refused requests name a student. */
  readonly withRefusals: ReadonlySet<number>;
}

export async function placed(
  tx: Executor,
  sql: WriteSql,
  checked: readonly Checked[],
  actor: Actor,
  section?: number,
): Promise<Placed> {
  const enrollments = await enrollmentsOf(tx, sql, checked, actor);
  const withRefusals = new Set<number>();
  const answers = checked.map((each) => {
    if (!('ok' in each)) return place(each, enrollments.get(each.enrollment), section);
    const meeting = 'enrollment' in each ? meetingOf(each, enrollments.get(each.enrollment)) : undefined;
    if (meeting !== undefined) withRefusals.add(meeting);
    return { ...refuse(each.refusal, each.message), meeting };
  });
  return { answers, marks: answers.filter((each) => !('ok' in each)) as PlacedMark[], withRefusals };
}

async function enrollmentsOf(
  tx: Executor,
  sql: WriteSql,
  checked: readonly Checked[],
  { district, person }: Actor,
): Promise<Map<number, Enrollment>> {
  const ids = new Set<number>();
  for (const each of checked)
    if ('enrollment' in each && Number.isSafeInteger(each.enrollment)) ids.add(each.enrollment);
  const values = { ids: idRows(ids), district, person, yesterday: yesterday() };
  const found = new Map<number, Enrollment>((await tx.all(sql.enrollments, values)).map((row) => [row.id, row]));
  const outside = new Set<number>();
  for (const each of checked) {
    const enrollment = 'enrollment' in each ? found.get(each.enrollment) : undefined;
    if (enrollment && 'date' in each && !isWithin(each.date, enrollment)) outside.add(enrollment.id);
  }
  // Few marks are: of the others nothing is asked.
  for (const [id, kept] of await sql.keptDays(tx, district, [...outside])) found.set(id, { ...found.get(id)!, kept });
  const substituted = [...found.values()].filter(({ permitted }) => permitted === WRITES_ON_DAYS);
  if (substituted.length === 0) return found;
  const sections = idRows(new Set(substituted.map(({ section_id }) => section_id)));
  const days = await tx.all(sql.substitutedDays, { district, person, yesterday: yesterday(), sections });
  for (const enrollment of substituted)
    found.set(enrollment.id, {
      ...enrollment,
      substituted: days.filter(({ section }) => section === enrollment.section_id),
    });
  return found;
}

/** The meetings of a section on the days that these are about. */
export function daysIn(section: number, checked: readonly Checked[]): MeetingKey[] {
  const dates = new Set(checked.flatMap((each) => ('date' in each ? each.date : [])));
  return [...dates].map((date) => ({ section, date }));
}
