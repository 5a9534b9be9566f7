import type { Executor } from '../database/database';
import { idOn, isSchoolDay } from '../days';
import { preview } from '../lib/preview';
import { scopeOf, WRITES_ON_DAYS } from '../roster/access';
import { isEnrolled, isWithin } from '../roster/enrolled';
import type { Actor } from './actor';
import { type MarkRequest, type Outcome, type Refusal, type Status, UNKNOWN } from './attendance';
import { type Enrollment, meetingOf, type PlacedMark } from './resolve';
import { idRows, type MeetingKey, type WriteSql } from './write-sql';

/* The requests of a write: each by itself, and held against the roster. */

/** The longest comment, in UTF-16 units. */
export const MAX_COMMENT = 2_000;

/** A mark request whose parts are what they should be; whether they fit the roster is not yet known. */
export interface CheckedMark {
  readonly enrollment: number;
  readonly date: string;
  readonly status: Status | typeof UNKNOWN;
  readonly comment: string | undefined;
  readonly unmarkedComment: string;
  readonly staleComment: string | undefined;
  readonly onlyOwn: boolean;
  readonly code: number | null | undefined;
}

export type Refused = Extract<Outcome, { ok: false }>;

/** A refused request that names a student's day all the same: it keeps the roll of that day from being taken. */
export interface RefusedOfDay extends Refused {
  readonly enrollment: number;
  readonly date: string;
}

export const refuse = (refusal: Refusal, message: string): Refused => ({ ok: false, refusal, message });

/** Characters of XML 1.0, section 2.2: what is written in one API must be sayable in all. */
const xmlText = /^[\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u;

/** Says what is wrong with a mark as sent, or hands it on checked. */
export function check({
  enrollment,
  date,
  status,
  comment,
  unmarkedComment = '',
  staleComment,
  onlyOwn = false,
  code,
}: MarkRequest): CheckedMark | Refused | RefusedOfDay {
  if (typeof enrollment !== 'number' || !Number.isInteger(enrollment))
    return refuse('enrollment_invalid', `The enrollment must be an integer, not ${preview(enrollment)}.`);
  if (!isSchoolDay(date))
    return refuse('date_invalid', `The date must be a day of the calendar, YYYY-MM-DD, not ${preview(date)}.`);
  if (status !== 1 && status !== 2 && status !== 3 && status !== 4 && status !== UNKNOWN) {
    const right = '1 (present), 2 (absent), 3 (late) or 4 (excused)';
    return { ...refuse('status_invalid', `The status must be ${right}, not ${preview(status)}.`), enrollment, date };
  }
  const wrong = comment === undefined ? undefined : commentFault(comment);
  if (wrong) return { ...wrong, enrollment, date };
  const said = comment as string | undefined;
  return { enrollment, date, status, comment: said, unmarkedComment, staleComment, onlyOwn, code };
}

/** What is wrong with a comment, if anything is. */
export function commentFault(comment: unknown): Refused | undefined {
  if (typeof comment !== 'string')
    return refuse('comment_invalid', `The comment must be text, not ${preview(comment)}.`);
  if (comment.length > MAX_COMMENT)
    return refuse('comment_invalid', `The comment has ${comment.length} characters; at most ${MAX_COMMENT} are kept.`);
  if (!xmlText.test(comment))
    return refuse('comment_invalid', 'The comment has a character that XML cannot carry (XML 1.0, 2.2).');
  return undefined;
}
/** Places a checked mark in its section, or says why it does not fit the roster. */
export function place(mark: CheckedMark, enrollment: Enrollment | undefined, only?: number): PlacedMark | Refused {
  if (!enrollment || (only !== undefined && enrollment.section_id !== only))
    return refuse('enrollment_unknown', `There is no enrollment ${mark.enrollment} in this section.`);
  if (!enrollment.permitted)
    return refuse(
      'section_forbidden',
      `Whoever this client acts for may not write in the section of enrollment ${enrollment.id}.`,
    );
  const { substituted } = enrollment;
  if (substituted && !substituted.some((days) => isWithin(mark.date, days)))
    return refuse(
      'section_forbidden',
      `The person acted for does not teach the section of enrollment ${enrollment.id}, and takes it for somebody else on other days than ${mark.date}.`,
    );
  if (enrollment.admin)
    return refuse('enrollment_of_teacher', `Enrollment ${enrollment.id} is a teacher's; attendance is of students.`);
  if (!isEnrolled(mark.date, enrollment, enrollment.kept))
    return refuse(
      'date_outside_enrollment',
      `Enrollment ${enrollment.id} runs from ${enrollment.begin_date} until before ${enrollment.end_date}, ` +
        `${mark.date} is outside of it.`,
    );
  const section = enrollment.section_id;
  // Field by field: a spread of each of thousands costs more than all else here.
  return {
    enrollment: enrollment.id,
    date: mark.date,
    status: mark.status,
    comment: mark.comment,
    unmarkedComment: mark.unmarkedComment,
    staleComment: mark.staleComment,
    onlyOwn: mark.onlyOwn,
    code: mark.code,
    section,
    entry: idOn(enrollment.id, mark.date),
    meeting: idOn(section, mark.date),
  };
}

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
  actor: Actor,
): Promise<Map<number, Enrollment>> {
  const ids = new Set<number>();
  for (const each of checked)
    if ('enrollment' in each && Number.isSafeInteger(each.enrollment)) ids.add(each.enrollment);
  const values = { ids: idRows(ids), ...scopeOf(actor) };
  const found = new Map<number, Enrollment>((await tx.all(sql.enrollments, values)).map((row) => [row.id, row]));
  const outside = new Set<number>();
  for (const each of checked) {
    const enrollment = 'enrollment' in each ? found.get(each.enrollment) : undefined;
    if (enrollment && 'date' in each && !isWithin(each.date, enrollment)) outside.add(enrollment.id);
  }
  // Few marks are: of the others nothing is asked.
  for (const [id, kept] of await sql.keptDays(tx, actor.district, [...outside]))
    found.set(id, { ...found.get(id)!, kept });
  const substituted = [...found.values()].filter(({ permitted }) => permitted === WRITES_ON_DAYS);
  if (substituted.length === 0) return found;
  const sections = idRows(new Set(substituted.map(({ section_id }) => section_id)));
  const days = await tx.all(sql.substitutedDays, { ...scopeOf(actor), sections });
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
