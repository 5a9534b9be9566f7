import type { Actor } from '../../../actor';
import type { Database } from '../../../database/database';
import { type Code, openCodes } from '../../../ledger/codes';
import { openSchoolNumbers } from '../../../roster/school-numbers';
import { openSchoolYears, type SchoolYear } from '../../../roster/school-years';
import { type Attending, attendingKey, openStudents, type StudentEnrollment } from '../../../roster/students';
import { type Attendance, isOfClass } from './columns';

/** What the roster and the codes say of the records of a request. */
export interface Known {
  /** By number. */
  readonly schools: ReadonlyMap<string, number>;
  readonly years: readonly SchoolYear[];
  readonly codes: ReadonlyMap<number, Code>;
  /** By `attendingKey`. */
  readonly homerooms: ReadonlyMap<string, StudentEnrollment>;
  /** Of every student whose record is not simply of their homeroom. */
  readonly enrollments: readonly StudentEnrollment[];
}

/** Looks up, in as many queries as there are kinds of things, all that records have to fit. */
export function openKnown(database: Database) {
  const codes = openCodes(database);
  const students = openStudents(database);
  const schoolNumbers = openSchoolNumbers(database);
  const schoolYears = openSchoolYears(database);

  return async (actor: Actor, records: readonly Attendance[]): Promise<Known> => {
    const schools = await schoolNumbers(
      actor.district,
      records.map(({ schoolid }) => schoolid),
    );
    const attending = records.flatMap((record) => attendingOf(record, schools));
    const homerooms = await students.homerooms(actor, attending);
    const rest = records.filter((record) => {
      const [day] = attendingOf(record, schools);
      return isOfClass(record) || (day !== undefined && !homerooms.has(attendingKey(day)));
    });
    return {
      schools,
      homerooms,
      years: await schoolYears(actor.district),
      codes: await codes.named(
        actor.district,
        records.map(({ attendance_codeid }) => attendance_codeid),
      ),
      enrollments: await students.enrollments(
        actor,
        rest.map(({ studentid }) => studentid),
      ),
    };
  };
}

/** Whom a record of a homeroom is about, where there is its school. */
function attendingOf(record: Attendance, schools: ReadonlyMap<string, number>): Attending[] {
  const school = schools.get(record.schoolid);
  if (school === undefined || isOfClass(record)) return [];
  return [{ student: record.studentid, date: record.att_date, school }];
}
