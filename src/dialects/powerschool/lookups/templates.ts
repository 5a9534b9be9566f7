import type { Actor } from '../../../actor';
import type { Database } from '../../../database/database';
import { Status } from '../../../ledger/attendance';
import { openCodes } from '../../../ledger/codes';
import type { Ledger } from '../../../ledger/ledger';
import type { EntryRow } from '../../../ledger/query';
import { openSchoolYears, yearIdOn } from '../../../roster/school-years';
import { openStudents, type StudentEnrollment } from '../../../roster/students';
import type { Mode } from '../posts/modes';
import { isActive, periodsOf } from '../posts/placing';
import { attendanceColumns } from './printing';
import { markAsPart } from './showing';
import type { Standing, StandingRecord } from './standing';

export type Template = Partial<ReturnType<typeof attendanceColumns>>;
export type Templates = ReturnType<typeof openTemplates>;

interface StudentDay {
  readonly date: string;
  readonly enrollments: readonly StudentEnrollment[];
  readonly records: readonly StandingRecord[];
  /** What is known of the day, by enrollment. */
  readonly entries: ReadonlyMap<number, EntryRow>;
}

const equal = (column: string, value: string | number | null) => ({ column, is: 'eq', value }) as const;

/** Records that a plugin fills and posts: what stands on the day, else what is known of it beforehand. */
export function openTemplates(database: Database, ledger: Ledger, standing: Standing) {
  const codes = openCodes(database);
  const students = openStudents(database);
  const schoolYears = openSchoolYears(database);

  /** Where the student is enrolled on the day, as far as the actor may see it, and what stands there. */
  async function dayOf(actor: Actor, student: number, date: string): Promise<StudentDay> {
    const enrollments = await students.enrollments(actor, [student]);
    const records = await standing.records(actor, { students: [student], from: date, to: date });
    const condition = { all: [equal('person_id', student), equal('date', date), { not: equal('status', null) }] };
    const order = [{ column: 'enrollment_id' }, { column: 'date' }];
    const entries = await ledger.query({ actor, condition, order, limit: Number.MAX_SAFE_INTEGER });
    return {
      date,
      enrollments: enrollments.filter((each) => each.permitted && isActive(each, date)),
      records,
      entries: new Map(entries.map((entry) => [entry.enrollment_id, entry])),
    };
  }

  /** A record of no part yet: with the code of what is known, else with one to be filled. */
  async function blank(
    { district }: Actor,
    { date, entries }: StudentDay,
    at: StudentEnrollment,
    mode: Mode,
    period = '',
  ) {
    const year = yearIdOn(date, await schoolYears(district));
    const entry = entries.get(at.id);
    const known = entry ? await codes.of(district, at.school_id!, year) : [];
    const code = known.find(({ id }) => id === entry?.code_id) ?? known.find(({ status }) => status === entry?.status);
    const { status, comment, code_id } = entry ?? { status: Status.present, comment: '', code_id: null };
    const said = { section_id: at.section_id, date, enrollment_id: at.id, status: status!, comment, code_id };
    return attendanceColumns({ id: 0, part: markAsPart(said, mode, period), enrollment: at, year, code });
  }

  async function homeroomOf(actor: Actor, student: number, date: string) {
    const day = await dayOf(actor, student, date);
    const homeroom = day.enrollments.find((each) => each.class_type === 'homeroom' && each.school_id !== null);
    return { day, homeroom, records: day.records.filter(({ enrollment }) => enrollment.id === homeroom?.id) };
  }

  const ofClass = async (actor: Actor, day: StudentDay, enrollment: StudentEnrollment) => {
    const parts = day.records.filter((record) => record.enrollment.id === enrollment.id && isOfMeeting(record));
    if (parts.length > 0) return parts.map(attendanceColumns);
    const periods = periodsOf(enrollment);
    const blanks = (periods.length > 0 ? periods : ['']).map((period) =>
      blank(actor, day, enrollment, 'ATT_ModeMeeting', period),
    );
    return Promise.all(blanks);
  };

  return {
    async daily(actor: Actor, student: number, date: string): Promise<Template[]> {
      const { day, homeroom, records } = await homeroomOf(actor, student, date);
      if (!homeroom) return [];
      const record = records.find(({ part }) => part.mode === 'ATT_ModeDaily');
      return [dailyOf(record ? attendanceColumns(record) : await blank(actor, day, homeroom, 'ATT_ModeDaily'))];
    },

    /** `dcid` 0 is a new record, whose minutes and code are to be filled. */
    async time(actor: Actor, student: number, date: string, dcid: number): Promise<Template[]> {
      const { day, homeroom, records } = await homeroomOf(actor, student, date);
      if (!homeroom) return [];
      if (dcid === 0)
        return [
          timeOf({ ...(await blank(actor, day, homeroom, 'ATT_ModeTime')), attendance_codeid: '', att_comment: '' }),
        ];
      return records
        .filter(({ id, part }) => id === dcid && part.mode === 'ATT_ModeTime')
        .map((record) => timeOf(attendanceColumns(record)));
    },

    /** One for each class of the day in the school; one for each period of a class, or each part that was posted. */
    async meetings(actor: Actor, student: number, date: string, school: string): Promise<Template[]> {
      const day = await dayOf(actor, student, date);
      const classes = day.enrollments.filter(
        ({ school_id, school_number }) => school_id !== null && school_number === school,
      );
      const all = await Promise.all(classes.map((each) => ofClass(actor, day, each)));
      return all.flat().map(meetingOf);
    },
  };
}

const isOfMeeting = ({ part }: StandingRecord): boolean =>
  part.mode === 'ATT_ModeMeeting' || part.mode === 'ATT_ModeInterval';

/** What the address takes that the template is for, and no other column. */
function dailyOf({
  dcid,
  id,
  ccid,
  periodid,
  att_interval,
  start_time,
  end_time,
  total_minutes,
  ...rest
}: Required<Template>) {
  return rest;
}

function timeOf({ id, ccid, periodid, att_interval, start_time, end_time, ...rest }: Required<Template>) {
  return rest;
}

function meetingOf({ dcid, id, total_minutes, calendar_dayid, programid, ...rest }: Required<Template>) {
  return rest;
}
