/*
 * `src/absences/`: Absences that are entered once, for students and days: which classes they concern, what they change there,
 * and how they are taken back. What is said of a student goes through the ledger, as everything does.
 */
import type { Database, Executor } from '../database/database';
import { idOn } from '../days';
import type { Actor } from '../ledger/actor';
import { type MarkRequest, type Outcome, Status, UNKNOWN } from '../ledger/attendance';
import { openCodes } from '../ledger/codes';
import type { Ledger } from '../ledger/ledger';
import { type EntryValue, same } from '../ledger/resolve';
import { Problem } from '../lib/problem';
import { calledName, openNameOrder } from '../roster/names';
import { type Lesson, openConcerned, type PartOfDay, type Stretch, secondsIn } from './concerned';
import { type AbsenceKind, type AbsenceRow, absencesSql, type MarkRow, type PassRow, type ValueRow } from './sql';
import { type EntryOn, openStanding, type Standing } from './standing';

/** What is to be said of students, and when. */
export interface AbsenceAsked extends Stretch {
  /** Absent, late or excused, or a code of each school concerned. */
  readonly meaning: { readonly status: Status } | { readonly code: string };
  /** Undefined: a comment that stands stays. */
  readonly comment: string | undefined;
  /** Whether it also takes the place of what is said already. */
  readonly overrule: boolean;
  /** Whether students came late or left early, at a time, which is where the part of the day ends, or begins. */
  readonly kind: AbsenceKind;
}

/** What an absence does in a class: it changes something, that stands already, or something else was said, which is left. */
export type Effect = 'changed' | 'unchanged' | 'left';

/** A class of a student that an absence concerns. */
export interface Concerned {
  readonly lesson: Lesson;
  readonly before: Standing;
  /** What it is, or would be, by the absence; where something else is left, what the absence would have said. */
  readonly after: EntryValue;
  readonly effect: Effect;
}

/** What became of a class when its absence was taken back. */
export interface Returned extends EntryOn {
  /** False: it was said otherwise since, or by an absence that was entered later. */
  readonly isRestored: boolean;
}

/** Absences on a page. */
const PAGE = 50;

/** Enters absences, says what they would do, and takes them back. */
export function openAbsences(database: Database, ledger: Ledger) {
  const sql = absencesSql(database);
  const concerned = openConcerned(database);
  const standing = openStanding(database);
  const codes = openCodes(database);
  const nameOrder = openNameOrder(database);

  /** Where the SIS takes attendance, nobody else does. */
  async function refuseInSis({ district }: Actor): Promise<void> {
    const [row] = await database.all(sql.district, { district });
    if (row?.sis_takes_attendance) throw new Problem('SIS_ATTENDANCE_APP');
  }

  /** In the order of days, then of names, then of classes. */
  async function lessonsOf(actor: Actor, asked: AbsenceAsked): Promise<Lesson[]> {
    await refuseInSis(actor);
    const all = await concerned(actor, asked);
    // Who leaves before the end of a class was there, as long as it was for more than half of it.
    const lessons = asked.kind === 'early_dismissal' ? all.filter((lesson) => isMissed(lesson, asked)) : all;
    const { people } = await nameOrder(actor.district);
    return lessons.sort(
      (one, other) =>
        one.date.localeCompare(other.date) ||
        people(one.student, other.student) ||
        one.student.id - other.student.id ||
        byNumber.compare(one.periods, other.periods) ||
        one.enrollment - other.enrollment,
    );
  }

  async function effects(
    executor: Executor,
    actor: Actor,
    asked: AbsenceAsked,
    lessons: readonly Lesson[],
    of: Meanings,
  ) {
    const standsOf = await standing(executor, actor, lessons);
    return lessons.map((lesson): Concerned => {
      const before = standsOf(lesson);
      const isLate = asked.kind === 'late_arrival' && !isMissed(lesson, asked);
      const { status, code } = isLate ? LATE : of(lesson);
      const keepsComment = asked.comment === undefined && before.status !== null && before.status !== Status.present;
      const after = {
        status,
        comment: keepsComment ? before.comment : (asked.comment ?? ''),
        code: code ?? (before.status === status ? before.code : null),
      };
      const effect = same(before, after)
        ? 'unchanged'
        : before.status === null || asked.overrule || isExplained(before, asked)
          ? 'changed'
          : 'left';
      return { lesson, before, after, effect };
    });
  }

  /** What the status or code means in each school and year. @param isKept whether a school without codes begins to have the usual ones */
  async function meaningsOf(
    { district }: Actor,
    { meaning }: AbsenceAsked,
    lessons: readonly Lesson[],
    isKept: boolean,
  ): Promise<Meanings> {
    if ('status' in meaning) return () => ({ status: meaning.status, code: undefined });
    const found = new Map<string, Meaning>();
    for (const { school, year } of lessons) {
      const key = `${school} ${year}`;
      if (found.has(key)) continue;
      const stored = school === 0 ? [] : await codes.stored(district, school, year);
      const missing = school !== 0 && stored.length === 0;
      const list = !missing ? stored : isKept ? await codes.of(district, school, year) : codes.offered(school, year);
      const code = list.find((each) => each.code === meaning.code && each.status !== Status.present);
      if (!code) throw unknownCode(list.filter(({ status }) => status !== Status.present).map((each) => each.code));
      found.set(key, { status: code.status, code: code.id });
    }
    return ({ school, year }) => found.get(`${school} ${year}`)!;
  }

  async function absenceOf({ district }: Actor, id: number, executor: Executor = database): Promise<AbsenceRow> {
    const [row] = await executor.all(sql.absence, { district, id });
    if (row) return row;
    throw new Problem('NOT_FOUND', `There is no absence ${id} here.`);
  }

  /** Of each entry of an absence the absence that stands and was entered next after it, if there is one. */
  async function laterAbsences(executor: Executor, { district }: Actor, absence: number) {
    const rows = await executor.all(sql.later, { district, absence });
    // Last first: the one that came next is kept.
    const next = new Map(rows.map((row) => [idOn(row.enrollment, row.date), row]));
    return ({ enrollment, date }: EntryOn) => next.get(idOn(enrollment, date));
  }

  return {
    /** What an absence would do, class by class; it writes nothing. */
    async preview(actor: Actor, asked: AbsenceAsked): Promise<Concerned[]> {
      const lessons = await lessonsOf(actor, asked);
      return effects(database, actor, asked, lessons, await meaningsOf(actor, asked, lessons, false));
    },

    /**
     * Enters an absence: all of it, in one transaction, or nothing. It takes no roll, says nothing of anybody else, and
     * leaves what was said already, unless it is to overrule that. Throws BODY_INVALID where it would say nothing.
     */
    async enter(actor: Actor, asked: AbsenceAsked): Promise<{ absence: AbsenceRow; concerned: Concerned[] }> {
      const { district, client } = actor;
      const lessons = await lessonsOf(actor, asked);
      const meanings = await meaningsOf(actor, asked, lessons, true);
      return ledger.open(async (transaction) => {
        await transaction.hold(
          lessons.map(({ section }) => section),
          actor,
        );
        const all = await effects(transaction, actor, asked, lessons, meanings);
        const said = all.filter(({ effect }) => effect !== 'left');
        if (said.length === 0) throw saysNothing(all);
        const requests = said
          .filter(({ effect }) => effect === 'changed')
          .map(({ lesson, after }) => requestOf(lesson, after));
        refuse(await transaction.record(requests, actor, { roll: 'never' }));
        const [absence] = await transaction.all(sql.add, {
          district,
          client,
          ...valuesOf(asked.part),
          kind: asked.kind,
          from: asked.from,
          to: asked.to,
          students: asked.students.length,
          classes: said.length,
          now: new Date().toISOString(),
        });
        const marks = said.map(({ lesson, before, after }) => [
          ...[lesson.section, lesson.enrollment, lesson.date],
          ...[before.said.status, before.said.comment, before.said.code],
          ...[after.status, after.comment, after.code],
        ]);
        await transaction.all(sql.addMarks, { district, absence: absence!.id, marks: JSON.stringify(marks) });
        return { absence: absence!, concerned: all };
      });
    },

    /** The absences of a district, those entered last first: of a day or of a student, where one is named, before an id. */
    list: (
      { district }: Actor,
      {
        date,
        student,
        before,
      }: { date?: string | undefined; student?: number | undefined; before?: number | undefined },
    ): Promise<AbsenceRow[]> =>
      database.all(sql.list, {
        ...{ district, limit: PAGE + 1, before: before ?? Number.MAX_SAFE_INTEGER },
        ...{ date: date ?? null, student: student ?? null },
      }),

    get: absenceOf,

    /** Who came late or left early on a day, as far as that is not taken back, in the order in which it was entered. */
    passes: ({ district }: Actor, date: string): Promise<PassRow[]> => database.all(sql.passes, { district, date }),

    /** What an absence has said, class by class, and whether it stands. */
    async marks(actor: Actor, absence: number): Promise<{ row: MarkRow; name: string; stands: boolean }[]> {
      const rows = await database.all(sql.marks, { district: actor.district, absence });
      const standsOf = await standing(database, actor, rows);
      return rows.map((row) => ({ row, name: calledName(row), stands: same(standsOf(row), toValue(row)) }));
    },

    /**
     * Takes an absence back: where what it has said still stands, what was said before stands again. Of whom nothing was
     * said is unknown, or present where the roll is taken, as everybody without a mark. A later absence of the same class
     * stands, and what was said before this one was said before that one. What was taken back already stays so.
     */
    async takeBack(actor: Actor, id: number): Promise<{ absence: AbsenceRow; returned: Returned[] }> {
      await refuseInSis(actor);
      return ledger.open(async (transaction) => {
        const { district, client } = actor;
        const [held] = await transaction.all(sql.hold, { district, id });
        if (!held) throw new Problem('NOT_FOUND', `There is no absence ${id} here.`);
        const rows = held.taken_back_at === null ? await transaction.all(sql.marks, { district, absence: id }) : [];
        await transaction.hold(
          rows.map(({ section }) => section),
          actor,
        );
        const standsOf = await standing(transaction, actor, rows);
        const nextOf = await laterAbsences(transaction, actor, id);
        const requests: MarkRequest[] = [];
        const handed: { row: MarkRow; to: number }[] = [];
        const returned = rows.map((row): Returned => {
          const { section, enrollment, date } = row;
          const next = nextOf(row);
          if (next && same(fromValue(next), toValue(row))) handed.push({ row, to: next.absence });
          const isRestored = !next && same(standsOf(row), toValue(row));
          if (isRestored) requests.push(requestOf(row, fromValue(row)));
          return { section, enrollment, date, isRestored };
        });
        refuse(await transaction.record(requests, actor, { roll: 'never' }));
        for (const { row, to } of handed)
          await transaction.all(sql.handOver, {
            ...{ district, absence: to, enrollment: row.enrollment, date: row.date },
            ...{ status: row.from_status, comment: row.from_comment, code: row.from_code },
          });
        if (held.taken_back_at === null)
          await transaction.all(sql.takeBack, { district, id, client, now: new Date().toISOString() });
        return { absence: await absenceOf(actor, id, transaction), returned };
      });
    },
  };
}

/** Whether a class is missed by who comes or leaves in it: half of it, or more. */
function isMissed({ held = [] }: Lesson, { part }: AbsenceAsked): boolean {
  if (!part || 'periods' in part) return true;
  const sum = (seconds: readonly number[]) => seconds.reduce((total, each) => total + Math.max(0, each), 0);
  const missed = sum(held.map((period) => secondsIn(part, period)));
  return 2 * missed >= sum(held.map(({ start_time, end_time }) => end_time - start_time));
}

/** Whoever was marked absent, and is known to have come late or left early now, is what that makes of the class. */
const isExplained = ({ status }: Standing, { kind }: AbsenceAsked): boolean =>
  kind !== 'absence' && status === Status.absent;

const LATE: Meaning = { status: Status.late, code: undefined };

interface Meaning {
  readonly status: Status;
  /** The id of the school's code; undefined where it is said by a status. */
  readonly code: number | undefined;
}
type Meanings = (of: Pick<Lesson, 'school' | 'year'>) => Meaning;

/** Period `2` comes before `10`. */
const byNumber = new Intl.Collator('en', { numeric: true });

const fromValue = ({ from_status, from_comment, from_code }: ValueRow): EntryValue => ({
  status: from_status,
  comment: from_comment,
  code: from_code,
});
const toValue = ({ to_status, to_comment, to_code }: ValueRow): EntryValue => ({
  status: to_status,
  comment: to_comment,
  code: to_code,
});

const requestOf = ({ enrollment, date }: EntryOn, { status, comment, code }: EntryValue): MarkRequest =>
  status === null ? { enrollment, date, status: UNKNOWN } : { enrollment, date, status, comment, code };

function valuesOf(part: PartOfDay | undefined) {
  const none = { periods: null, from_time: null, to_time: null };
  if (!part) return none;
  if ('periods' in part) return { ...none, periods: JSON.stringify(part.periods) };
  return { ...none, from_time: part.from_time, to_time: part.to_time };
}

/** All of it or nothing: what the ledger has against one student is against the absence. */
function refuse(outcomes: readonly Outcome[]): void {
  const refused = outcomes.find((outcome) => !outcome.ok);
  if (!refused || refused.ok) return;
  const field = refused.refusal === 'comment_invalid' ? 'comment' : 'students';
  throw new Problem('BODY_INVALID', refused.message, { violations: [{ field, message: refused.message }] });
}

function saysNothing(all: readonly Concerned[]): Problem {
  const message =
    all.length === 0
      ? 'have no class in this part of these days'
      : 'are said to be otherwise in all of these classes; `overrule` would change that';
  return new Problem('BODY_INVALID', `The students ${message}.`, { violations: [{ field: 'students', message }] });
}

function unknownCode(known: readonly string[]): Problem {
  const right =
    known.length > 0 ? `one of the school's codes, ${known.join(', ')}` : 'left out: the class is of no school';
  const message = `must be ${right}`;
  return new Problem('BODY_INVALID', `code ${message}.`, { violations: [{ field: 'code', message }] });
}
