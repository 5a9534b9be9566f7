/*
 * `src/absences/`: Absences that are entered once, for students and days: which classes they concern, what they change there,
 * and how they are taken back. What is said of a student goes through the ledger, as everything does.
 */
import type { Database, Executor } from '../database/database';
import type { Actor } from '../ledger/actor';
import type { Ledger } from '../ledger/ledger';
import { same } from '../ledger/resolve';
import { Problem } from '../lib/problem';
import { scopeOf } from '../roster/access';
import { calledName, openNameOrder } from '../roster/names';
import { type Lesson, openConcerned } from './concerned';
import { type AbsenceAsked, type Concerned, type Meanings, openEffects, timeOfPass } from './effects';
import { openGivingBack, type Returned, recordAll, requestOf } from './giving-back';
import { type AbsenceRow, absencesSql, type MarkRow, type PassRow, type StudentRow, toValue } from './sql';
import { openStanding } from './standing';

/** Absences on a page. */
const PAGE = 50;

/** Enters absences, says what they would do, and takes them back. */
export function openAbsences(database: Database, ledger: Ledger) {
  const sql = absencesSql(database);
  const concerned = openConcerned(database);
  const effects = openEffects(database);
  const standing = openStanding(database);
  const giveBack = openGivingBack(database);
  const nameOrder = openNameOrder(database);

  /** Where the SIS takes attendance, nobody else does. */
  async function refuseInSis({ district }: Actor): Promise<void> {
    const [row] = await database.all(sql.district, { district });
    if (row?.sis_takes_attendance) throw new Problem('SIS_ATTENDANCE_APP');
  }

  /** In the order of days, then of names, then of classes. */
  async function lessonsOf(actor: Actor, asked: AbsenceAsked): Promise<Lesson[]> {
    await refuseInSis(actor);
    const lessons = await concerned(actor, asked);
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

  /** What it does in each class that it concerns. Throws BODY_INVALID where that is nothing, and nobody has come or gone. */
  async function effectsOf(
    executor: Executor,
    actor: Actor,
    asked: AbsenceAsked,
    lessons: readonly Lesson[],
    of: Meanings,
  ) {
    if (lessons.length === 0) throw saysNothing('have no class in this part of these days');
    const all = await effects.of(executor, actor, asked, lessons, of);
    if (asked.kind === 'absence' && all.every(({ effect }) => effect === 'left'))
      throw saysNothing('are said to be otherwise in all of these classes; `overrule` would change that');
    return all;
  }

  async function absenceOf(actor: Actor, id: number, executor: Executor = database): Promise<AbsenceRow> {
    const [row] = await executor.all(sql.absence, { ...scopeOf(actor), id });
    if (row) return row;
    throw new Problem('NOT_FOUND', `There is no absence ${id} here.`);
  }

  return {
    /** What an absence would do, class by class; it writes nothing. */
    async preview(actor: Actor, asked: AbsenceAsked): Promise<Concerned[]> {
      const lessons = await lessonsOf(actor, asked);
      return effectsOf(database, actor, asked, lessons, await effects.meanings(actor, asked, lessons, false));
    },

    /**
     * Enters an absence: all of it, in one transaction, or nothing. It takes no roll, says nothing of anybody else, and
     * leaves what was said already, unless it is to overrule that. Who comes or leaves may miss no class by it: that is
     * entered all the same. Else it throws BODY_INVALID where it would say nothing.
     */
    async enter(actor: Actor, asked: AbsenceAsked): Promise<{ absence: AbsenceRow; concerned: Concerned[] }> {
      const { district, client } = actor;
      const lessons = await lessonsOf(actor, asked);
      const meanings = await effects.meanings(actor, asked, lessons, true);
      return ledger.open(async (transaction) => {
        await transaction.hold(
          lessons.map(({ section }) => section),
          actor,
        );
        const all = await effectsOf(transaction, actor, asked, lessons, meanings);
        const said = all.filter(({ effect }) => effect !== 'left');
        const requests = said
          .filter(({ effect }) => effect === 'changed')
          .map(({ lesson, after }) => requestOf(lesson, after));
        await recordAll(transaction, actor, requests);
        const [absence] = await transaction.all(sql.add, {
          district,
          client,
          ...valuesOf(asked),
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
          ...[after.status ?? 0, after.comment, after.code],
        ]);
        const students = JSON.stringify(asked.students.map(({ id }) => [id]));
        await transaction.all(sql.addStudents, { district, absence: absence!.id, students });
        await transaction.all(sql.addMarks, { district, absence: absence!.id, marks: JSON.stringify(marks) });
        return { absence: absence!, concerned: all };
      });
    },

    /** The absences that the actor may see, those entered last first: of a day or of a student, where one is named, before an id. */
    list: (
      actor: Actor,
      {
        date,
        student,
        before,
      }: { date?: string | undefined; student?: number | undefined; before?: number | undefined },
    ): Promise<AbsenceRow[]> =>
      database.all(sql.list, {
        ...{ ...scopeOf(actor), limit: PAGE + 1, before: before ?? Number.MAX_SAFE_INTEGER },
        ...{ date: date ?? null, student: student ?? null },
      }),

    get: absenceOf,

    /** Who came late or left early on a day, as far as that is not taken back, in the order in which it was entered. */
    passes: (actor: Actor, date: string): Promise<PassRow[]> => database.all(sql.passes, { ...scopeOf(actor), date }),

    /** The passes of these students on the day of a pass, of the same kind, that were entered before. */
    async earlierPasses({ district }: Actor, { students, from, kind }: AbsenceAsked) {
      if (kind === 'absence') return [];
      const asked = JSON.stringify(students.map(({ id }) => [id]));
      const found = await database.all(sql.passesOf, { district, date: from, students: asked });
      const byId = new Map(students.map((student) => [student.id, student]));
      return found
        .filter((pass) => pass.kind === kind)
        .map((pass) => ({ student: byId.get(pass.person)!, time: timeOfPass(pass) }));
    },

    /** Of whom absences are, of each the first `most` by name. */
    students: ({ district }: Actor, absences: readonly number[], most: number): Promise<StudentRow[]> =>
      database.all(sql.students, { district, most, absences: JSON.stringify(absences.map((id) => [id])) }),

    /** What an absence has said, class by class, and whether it stands. */
    async marks(actor: Actor, absence: number): Promise<{ row: MarkRow; name: string; stands: boolean }[]> {
      const rows = await database.all(sql.marks, { district: actor.district, absence });
      const standsOf = await standing(database, actor, rows);
      return rows.map((row) => ({ row, name: calledName(row), stands: same(standsOf(row).said, toValue(row)) }));
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
        await absenceOf(actor, id, transaction);
        const [held] = await transaction.all(sql.hold, { district, id });
        const rows = held!.taken_back_at === null ? await transaction.all(sql.marks, { district, absence: id }) : [];
        await transaction.hold(
          rows.map(({ section }) => section),
          actor,
        );
        const returned = await giveBack(transaction, actor, id, rows);
        if (held!.taken_back_at === null)
          await transaction.all(sql.takeBack, { district, id, client, now: new Date().toISOString() });
        return { absence: await absenceOf(actor, id, transaction), returned };
      });
    },
  };
}

/** Period `2` comes before `10`. */
const byNumber = new Intl.Collator('en', { numeric: true });

function valuesOf({ part, meaning, comment = '' }: AbsenceAsked) {
  const said = {
    status: 'status' in meaning ? meaning.status : null,
    code: 'code' in meaning ? meaning.code : null,
    comment,
  };
  const none = { ...said, periods: null, from_time: null, to_time: null };
  if (!part) return none;
  if ('periods' in part) return { ...none, periods: JSON.stringify(part.periods) };
  return { ...none, from_time: part.from_time, to_time: part.to_time };
}

function saysNothing(message: string): Problem {
  return new Problem('BODY_INVALID', `The students ${message}.`, { violations: [{ field: 'students', message }] });
}
