import {
  type Absence,
  AbsenceBody,
  type AbsenceMark,
  AbsenceQuery,
  AbsenceReply,
  AbsencesQuery,
  AbsencesReply,
  EnteredReply,
  Pass,
  PassesQuery,
  PassesReply,
  TakenBackReply,
} from '../../../schemas/rollbook/absences';
import type { TypeOf } from '../../../schemas/types';
import { openAbsences } from '../../absences/absences';
import type { PartOfDay } from '../../absences/concerned';
import { type AbsenceAsked, type Concerned, timeOfPass } from '../../absences/effects';
import type { AbsenceKind, AbsenceRow } from '../../absences/sql';
import { openStudentsNamed } from '../../absences/students';
import { readOf, readOnDays } from '../../audit/read';
import type { Caller } from '../../clients/client';
import { isSchoolDay, today } from '../../days';
import { type Endpoint, endpoint } from '../../http/endpoint';
import { csv } from '../../http/formats/csv';
import { json } from '../../http/formats/json';
import { Status } from '../../ledger/attendance';
import { openCodes } from '../../ledger/codes';
import { commentFault } from '../../ledger/placed';
import { preview } from '../../lib/preview';
import { Problem } from '../../lib/problem';
import { secondsOf, timeOf } from '../../roster/bell-schedules';
import { calledName } from '../../roster/names';
import type { Dependencies } from '../dependencies';
import { day, isDryRun, numberOf } from './parameters';

type Body = TypeOf<typeof AbsenceBody>;

/** Absences on a page. */
const PAGE = 50;
const MOST_STUDENTS = 500;
/** Students of an absence who are named in a list. */
const FEW = 5;

/** `/absences`: an absence of students, entered once, goes to all rolls concerned, and is taken back as a whole. */
export function absenceEndpoints({ database, ledger, roster, clients }: Dependencies): Endpoint[] {
  const absences = openAbsences(database, ledger);
  const codes = openCodes(database);
  const studentsNamed = openStudentsNamed(database);

  /** Of whom, when and what; BODY_INVALID with what is wrong with it. */
  async function askedOf(caller: Caller, body: Body): Promise<AbsenceAsked> {
    const { from, to = from, comment, overrule = false } = body;
    for (const [field, value] of Object.entries({ from, to }))
      if (!isSchoolDay(value)) throw wrong(field, `must be a day, YYYY-MM-DD, not ${preview(value)}`);
    if (from > to) throw wrong('to', `must be ${from} or later, the day of \`from\``);
    if (Date.parse(to) - Date.parse(from) > 366 * 86_400_000) throw wrong('to', 'must be within a year from `from`');
    const { kind, part } = partOf(body);
    if (kind !== 'absence' && to !== from)
      throw wrong('to', `must be left out: who comes late or leaves early does so on one day`);
    if ((body.status === undefined) === (body.code === undefined))
      throw wrong('status', 'must be there, or `code` in its place, and not both');
    const { id: section } =
      body.section === undefined ? { id: undefined } : await roster.section(caller, String(body.section));
    const students = await studentsNamed(caller, { ...body, section }, from);
    if (students.length === 0) throw wrong('students', 'must name somebody, or `student_numbers` or `section` must');
    if (students.length > MOST_STUDENTS) throw wrong('students', `must be ${MOST_STUDENTS} at most`);
    const fault = comment === undefined ? undefined : commentFault(comment);
    if (fault)
      throw new Problem('BODY_INVALID', fault.message, { violations: [{ field: 'comment', message: fault.message }] });
    const meaning = body.code === undefined ? { status: body.status! } : { code: body.code };
    return { students, from, to, kind, part, meaning, comment, overrule };
  }

  /** What clients are called; empty for none. */
  async function clientNames({ district }: Caller): Promise<(client: number | null) => string> {
    const names = new Map((await clients.namesIn(district)).map(({ id, name }) => [id, name]));
    return (client) => (client === null ? '' : (names.get(client) ?? ''));
  }

  /** @param most of so many students of each it says who they are */
  async function shown(caller: Caller, rows: readonly AbsenceRow[], most: number): Promise<Absence[]> {
    const nameOf = await clientNames(caller);
    const students = await absences.students(
      caller,
      rows.map(({ id }) => id),
      most,
    );
    return rows.map((row) => ({
      id: row.id,
      kind: row.kind,
      from: row.from_date,
      to: row.to_date,
      periods: row.periods === null ? null : JSON.parse(row.periods),
      // That it begins with the day, or ends with it, is what is not said.
      from_time: row.from_time === null || row.from_time === 0 ? null : timeOf(row.from_time),
      to_time: row.to_time === null || row.to_time === MIDNIGHT ? null : timeOf(row.to_time),
      students: row.students,
      who: students
        .filter(({ absence }) => absence === row.id)
        .map((student) => ({
          person_id: student.id,
          student_number: student.student_number,
          name: calledName(student),
        })),
      status: row.status,
      code: row.code ?? '',
      comment: row.comment,
      classes: row.classes,
      created_at: row.created_at,
      created_by: nameOf(row.client_id),
      taken_back_at: row.taken_back_at,
      taken_back_by: nameOf(row.taken_back_client_id),
    }));
  }

  async function marksOf(caller: Caller, concerned: readonly Concerned[]): Promise<AbsenceMark[]> {
    const ids = concerned.flatMap(({ after }) => after.code ?? []);
    const known = await codes.named(caller.district, ids);
    return concerned.map(({ lesson, before, after, effect }) => ({
      person_id: lesson.student.id,
      student_number: lesson.student.student_number,
      name: calledName(lesson.student),
      date: lesson.date,
      section_id: lesson.section,
      section: lesson.title,
      periods: lesson.periods,
      enrollment_id: lesson.enrollment,
      before: before.status,
      before_comment: before.comment,
      before_by: before.by,
      taken: before.isTaken,
      // Whoever has no mark on a roll that is taken is present.
      status: after.status ?? (before.isTaken ? Status.present : null),
      code: after.code === null ? '' : (known.get(after.code)?.code ?? ''),
      comment: after.comment,
      outcome: effect,
    }));
  }

  const enter = endpoint({
    method: 'POST',
    path: '/',
    summary: 'Enters an absence of students in all rolls concerned, or says what it would change',
    successes: [200, 201],
    errors: ['NOT_FOUND', 'SIS_ATTENDANCE_APP', 'BODY_TOO_LARGE'],
    headers: { Location: 'Where the absence is, once it is entered.' },
    scope: 'attendance:write',
    heavy: true,
    schemas: { query: AbsenceQuery, body: AbsenceBody, reply: EnteredReply },
    async handle(call) {
      const { caller, body, query } = call;
      const dryRun = isDryRun(query.dry_run);
      ofOffice(caller);
      const asked = await askedOf(caller, body);
      const earlier = await absences.earlierPasses(caller, asked);
      const { absence, concerned } = dryRun
        ? { absence: undefined, concerned: await absences.preview(caller, asked) }
        : await absences.enter(caller, asked);
      const marks = await marksOf(caller, concerned);
      const did = asked.kind === 'late_arrival' ? 'came late' : 'left early';
      const warnings = earlier.map(({ student, time }) => `${calledName(student)} ${did} at ${timeOf(time)} already.`);
      const message = marks.length === 0 ? NO_CLASS : null;
      const counts = { changed: 0, unchanged: 0, left: 0 };
      for (const { outcome } of marks) counts[outcome]++;
      return {
        status: absence ? 201 : 200,
        ...(absence && { headers: { Location: call.link(`/absences/${absence.id}`) } }),
        body: { id: absence?.id ?? null, students: asked.students.length, counts, warnings, message, marks },
        reads: readOnDays(marks),
      };
    },
  });
  const list = endpoint({
    method: 'GET',
    path: '/',
    summary: 'Lists the absences that were entered',
    errors: ['NOT_FOUND'],
    scope: 'attendance:read',
    schemas: { query: AbsencesQuery, reply: AbsencesReply },
    async handle({ caller, query }) {
      ofOffice(caller);
      const date = day('date', query.date);
      const student = query.student === undefined ? undefined : (await roster.one('student', caller, query.student)).id;
      const found = await absences.list(caller, { date, student, before: numberOf(query.before) });
      const page = await shown(caller, found.slice(0, PAGE), FEW);
      const next = found.length > PAGE ? page.at(-1)!.id : null;
      const people =
        student === undefined ? page.flatMap(({ who }) => who.map(({ person_id }) => person_id)) : [student];
      return { status: 200, body: { absences: page, next }, reads: readOf(people) };
    },
  });
  const read = endpoint({
    method: 'GET',
    path: '/:absence',
    summary: 'Reads an absence, and what it has said in each class',
    scope: 'attendance:read',
    schemas: { reply: AbsenceReply },
    async handle({ caller, params }) {
      ofOffice(caller);
      const row = await absences.get(caller, idOf(params.absence));
      const [absence] = await shown(caller, [row], MOST_STUDENTS);
      const marks = (await absences.marks(caller, row.id)).map(({ row: mark, name, stands }) => ({
        person_id: mark.person,
        student_number: mark.student_number,
        name,
        date: mark.date,
        section_id: mark.section,
        section: mark.title,
        periods: mark.periods,
        enrollment_id: mark.enrollment,
        status: mark.to_status,
        code: mark.code,
        comment: mark.to_comment,
        stands,
      }));
      return {
        status: 200,
        body: { ...absence!, marks },
        reads: readOf(
          absence!.who.map(({ person_id }) => person_id),
          { from: row.from_date, to: row.to_date },
        ),
      };
    },
  });
  const takeBack = endpoint({
    method: 'DELETE',
    path: '/:absence',
    summary: 'Takes an absence back as a whole; what was said otherwise since is left',
    errors: ['SIS_ATTENDANCE_APP'],
    scope: 'attendance:write',
    schemas: { reply: TakenBackReply },
    async handle({ caller, params }) {
      ofOffice(caller);
      const { absence: row, returned } = await absences.takeBack(caller, idOf(params.absence));
      const [absence] = await shown(caller, [row], MOST_STUDENTS);
      const left = returned
        .filter(({ isRestored }) => !isRestored)
        .map(({ section, enrollment, date }) => ({ section_id: section, enrollment_id: enrollment, date }));
      const people = absence!.who.map(({ person_id }) => person_id);
      return {
        status: 200,
        body: { ...absence!, restored: returned.length - left.length, left },
        reads: readOf(people),
      };
    },
  });
  const passes = endpoint({
    method: 'GET',
    path: '/passes',
    summary: 'Lists who came late or left early on a day',
    scope: 'attendance:read',
    formats: [json, csv('passes', Object.keys(Pass.properties))],
    schemas: { query: PassesQuery, reply: PassesReply },
    async handle({ caller, query }) {
      ofOffice(caller);
      const date = day('date', query.date) ?? today((await roster.district(caller)).time_zone);
      const names = await clientNames(caller);
      const found = await absences.passes(caller, date);
      const body = {
        date,
        passes: found.map((row) => ({
          absence_id: row.absence,
          kind: row.kind,
          time: timeOf(timeOfPass(row)),
          person_id: row.person,
          student_number: row.student_number,
          name: calledName(row),
          grades: row.grades,
          comment: row.comment,
          by: names(row.client_id),
          at: row.created_at,
        })),
      };
      return {
        status: 200,
        body,
        reads: readOf(
          found.map(({ person }) => person),
          { from: date, to: date },
        ),
      };
    },
  });
  return [enter, list, passes, read, takeBack];
}

function ofOffice({ person }: Caller): void {
  if (person !== null)
    throw new Problem('OFFICE_ONLY', 'Absences of whole days are the office’s: they go to the rolls of others, too.');
}

const MIDNIGHT = 86_400;

const NO_CLASS = 'No class is missed by it: it is on the list of the day alone.';

/** Some periods, or some time; without a part, whole days. */
function partOf(body: Body): { readonly kind: AbsenceKind; readonly part?: PartOfDay } {
  const { periods, from_time, to_time, late_arrival, early_dismissal } = body;
  const ways = [periods, from_time ?? to_time, late_arrival, early_dismissal].filter((way) => way !== undefined);
  if (ways.length > 1)
    throw wrong(
      periods ? 'periods' : late_arrival !== undefined ? 'late_arrival' : 'early_dismissal',
      'must be there alone: periods, a stretch of time, a late arrival or an early dismissal',
    );
  if (periods) return { kind: 'absence', part: { periods } };
  if (late_arrival !== undefined)
    return {
      kind: 'late_arrival',
      part: { from_time: 0, to_time: time('late_arrival', late_arrival)!, field: 'late_arrival', isWholeDay: true },
    };
  if (early_dismissal !== undefined)
    return {
      kind: 'early_dismissal',
      part: {
        from_time: time('early_dismissal', early_dismissal)!,
        to_time: MIDNIGHT,
        field: 'early_dismissal',
        isWholeDay: true,
      },
    };
  if (from_time === undefined && to_time === undefined) return { kind: 'absence' };
  const part = {
    from_time: time('from_time', from_time) ?? 0,
    to_time: time('to_time', to_time) ?? MIDNIGHT,
    field: 'from_time',
  };
  if (part.from_time >= part.to_time) throw wrong('to_time', `must be after \`from_time\`, ${timeOf(part.from_time)}`);
  return { kind: 'absence', part };
}

function time(field: string, sent: string | undefined): number | undefined {
  if (sent === undefined) return undefined;
  const seconds = secondsOf(sent);
  if (seconds === undefined) throw wrong(field, `must be a time, like 08:30 or 1:05 PM, not ${preview(sent)}`);
  return seconds;
}

const wrong = (field: string, message: string): Problem =>
  new Problem('BODY_INVALID', `${field} ${message}.`, { violations: [{ field, message }] });

function idOf(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new Problem('NOT_FOUND', `There is no absence ${text.slice(0, 60)} here.`);
  return Number(text);
}
