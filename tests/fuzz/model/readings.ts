import { idOn } from '../../../src/days';
import type { School } from '../../dialects/powerschool/school';
import { attendance } from '../../dialects/wix/school';
import type { Model } from './command';
import type { Change, Mark } from './ledger';
import { type Code, codes } from './parts';
import {
  type Day,
  dates,
  type Seat,
  type Section,
  seatId,
  seatNames,
  sectionId,
  sectionNames,
  studentNames,
} from './roster';

/** What each API is to say of the model, beside what it says: a reading is right where both are the same. */
export interface Reading {
  readonly said: unknown;
  readonly expected: unknown;
}

const meetings = sectionNames.flatMap((section) => dates.map((date): [Section, Day] => [section, date]));

/** `attendance?taken=1` of each section: its taken dates with their marks, and the totals. */
export async function schoologyReading(school: School, { ledger }: Model): Promise<Reading> {
  const said = [];
  for (const section of sectionNames) {
    const { body } = await school.get(`/v1/sections/${sectionId(school, section)}/attendance?taken=1`);
    type Group = { date: string; statuses: { status: { attendances: { attendance: object[] } }[] } };
    said.push([
      section,
      body.date.map(({ date, statuses }: Group) => [
        date,
        statuses.status.flatMap(({ attendances }) => attendances.attendance),
      ]),
      body.totals.total,
    ]);
  }
  const expected = sectionNames.map((section) => {
    const taken = dates.filter((date) => ledger.taken.has(`${section} ${date}`));
    const marksOn = (date: Day) =>
      marksIn(school, ledger.roll(section, date)).map(([enrollment_id, { status, comment }]) => ({
        enrollment_id,
        date,
        status,
        comment,
      }));
    const marks = taken.map((date) => [date, marksOn(date).sort((one, other) => one.status - other.status)] as const);
    const all = marks.flatMap(([, each]) => each);
    const counts = [2, 3, 4].map((status) => ({ status, count: all.filter((mark) => mark.status === status).length }));
    return [section, marks, counts.filter(({ count }) => count > 0)];
  });
  return { said, expected };
}

const marksIn = (school: School, roll: [Seat, Mark | null][]): [number, Mark][] =>
  roll
    .flatMap(([seat, mark]): [number, Mark][] => (mark && mark.status !== 1 ? [[seatId(school, seat), mark]] : []))
    .sort(([one], [other]) => one - other);

/** The attendances of each person. Where there is no mark the status is what was announced: of no account here. */
export async function osdiReading(school: School, { ledger }: Model): Promise<Reading> {
  const said = [];
  for (const student of studentNames) {
    const path = `/osdi/api/v1/people/${school.world.people[student]}/attendances`;
    const { body } = await school.get(`${path}?per_page=100`).set('OSDI-API-Token', school.token);
    said.push(...body._embedded['osdi:attendances'].map(osdiSays));
  }
  const expected = meetings
    .filter(([section, date]) => ledger.hasMeeting(section, date))
    .flatMap(([section, date]) =>
      ledger.roll(section, date).map(([seat, mark]) => osdiWords(idOn(seatId(school, seat), date), mark)),
    );
  return { said: said.sort(), expected: expected.sort() };
}

const names = { 2: 'absent', 3: 'late', 4: 'excused' } as const;

function osdiSays({
  identifiers,
  status,
  attended,
  comment,
}: {
  identifiers: string[];
  status?: string;
  attended?: boolean;
  comment?: string;
}) {
  const isMark = Object.values(names).some((name) => name === status);
  return [identifiers[0], attended, ...(isMark ? [status, comment ?? ''] : [])];
}

function osdiWords(id: number, mark: Mark | null) {
  const identifier = `rollbook:${id}`;
  if (!mark) return [identifier, undefined];
  if (mark.status === 1) return [identifier, true];
  return [identifier, mark.status === 3, names[mark.status], mark.comment];
}

/** Every attendance that there is, and how many a count finds. */
export async function wixReading(school: School, { ledger }: Model): Promise<Reading> {
  const { body } = await school.post('/bookings/v2/attendance/query').send({ query: { cursorPaging: { limit: 100 } } });
  const { body: counted } = await school.post('/bookings/v2/attendance/count').send({ filter: {} });
  const said = body.attendances.map(({ id, status }: { id: string; status: string }) => [id, status]).sort();
  const expected = meetings
    .filter(([section, date]) => ledger.hasMeeting(section, date))
    .flatMap(([section, date]) =>
      ledger.roll(section, date).map(([seat, mark]) => [attendance(seatId(school, seat), date), wixWord(mark)]),
    )
    .sort();
  return { said: [said, counted.count], expected: [expected, expected.length] };
}

const wixWord = (mark: Mark | null): string =>
  mark === null ? 'NOT_SET' : mark.status === 1 || mark.status === 3 ? 'ATTENDED' : 'NOT_ATTENDED';

/**
 * The records of each student's days. Of a day in parts the mark's status is among them, and
 * where there is none they are shown as posted, a void one among them; of another day the mark is alone.
 */
export async function powerschoolReading(school: School, { ledger, parts }: Model): Promise<Reading> {
  const { body } = await school
    .post('/ws/schema/query/com.pearson.core.attendance.student_attendance_detail')
    .send({ students_dcid: studentNames.map((student) => school.world.people[student]) });
  const records = new Map<string, number[]>();
  for (const { tables } of body.record as { tables: Record<string, Record<string, string>> }[]) {
    const key = `${tables.attendance!.ccid} ${tables.attendance!.att_date}`;
    const status = codes[tables.attendance_code!.att_code as Code];
    records.set(key, [...(records.get(key) ?? []), status]);
  }
  const days = seatNames.flatMap((seat) => dates.map((date): [Seat, Day] => [seat, date]));
  const said = days.map(([seat, date]) => {
    const found = records.get(`${seatId(school, seat)} ${date}`) ?? [];
    const status = ledger.standing(seat, date)?.status ?? 1;
    const isAmong = parts.has(`${seat} ${date}`) && (status === 1 || found.includes(status));
    return [seat, date, isAmong ? [status] : found];
  });
  const expected = days.map(([seat, date]) => {
    const status = ledger.standing(seat, date)?.status ?? 1;
    return [seat, date, status === 1 && !parts.has(`${seat} ${date}`) ? [] : [status]];
  });
  return { said, expected };
}

/** The whole journal, oldest change first. */
export async function journalReading(school: School, { ledger }: Model): Promise<Reading> {
  const rows = await school.world.ledger.history({ district: school.world.districts.larkspur });
  const said = rows
    .reverse()
    .map((row) => [
      row.section_id,
      row.date,
      row.enrollment_id,
      row.from_status,
      row.from_comment,
      row.to_status,
      row.to_comment,
    ]);
  const expected = ledger.journal.map(([section, date, seat, ...rest]: Change) => [
    sectionId(school, section),
    date,
    seat && seatId(school, seat),
    ...rest,
  ]);
  // A request journals the meetings that it takes in an order of its own.
  return { said: said.map(String).sort(), expected: expected.map(String).sort() };
}

export const readings = { schoologyReading, osdiReading, wixReading, powerschoolReading, journalReading };
