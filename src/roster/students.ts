import type { Database } from '../database/database';
import { text } from '../database/query';
import { bit, day, integer, nullable, type RowOf, string } from '../database/rows';
import type { Actor } from '../ledger/actor';
import { mayReadOn, mayWrite, scopeOf } from './access';
import { type Days, enrolledOn, isEnrollment, openKeptDays } from './enrolled';
import { betweenTerms } from './gaps';
import { schoolNumber } from './schools';

/** A student's enrollment and the section it is in. */
export interface StudentEnrollment extends RowOf<typeof studentRow> {
  /** Days before or after its own that were counted, and stay so. */
  readonly kept?: readonly Days[];
}

const studentRow = {
  id: integer,
  person_id: integer,
  section_id: integer,
  begin_date: day,
  /** Exclusive. */
  end_date: day,
  /** `homeroom` or `scheduled`. */
  class_type: string,
  /** Comma-separated, as OneRoster has it. */
  periods: string,
  school_id: nullable(integer),
  school_number: nullable(string),
  /** Whether the person acted for may write in the section; true where none is. */
  writable: bit,
};

/** An enrollment on a day. */
export interface EnrollmentOfDay extends StudentEnrollment {
  /** Not while the class is between its terms. */
  readonly meets: boolean | 0 | 1;
}

/** Someone on a day in a school. */
export interface Attending {
  readonly student: number;
  readonly date: string;
  readonly school: number;
}

export type Students = ReturnType<typeof openStudents>;

/** Where students are enrolled. */
export function openStudents(database: Database) {
  const { knex } = database;
  const keptDays = openKeptDays(database);
  const select = `select enrollments.id, enrollments.person_id, enrollments.section_id, enrollments.begin_date,
      enrollments.end_date, sections.class_type, sections.periods, sections.school_id,
      ${schoolNumber} as school_number,
      ${mayWrite('enrollments.section_id')} as writable`;
  // The plus keeps SQLite from entering by the district, where the student is narrower.
  const homerooms = text(
    knex,
    `${select}, asked.date
    from ${database.rows('asked', { student: 'bigint', date: 'date', school: 'bigint' })} as asked
    cross join enrollments
    join sections on sections.district_id = enrollments.district_id and sections.id = enrollments.section_id
    left join schools on schools.district_id = sections.district_id and schools.id = sections.school_id
    where enrollments.person_id = asked.student and +enrollments.district_id = :district and not enrollments.admin
      and ${enrolledOn('enrollments', 'asked.date')}
      and sections.class_type = 'homeroom' and sections.school_id = asked.school
    order by enrollments.id desc`,
    { ...studentRow, date: day },
  );
  const ofStudents = text(
    knex,
    `${select}
    from ${database.rows('asked', { student: 'bigint' })} as asked
    cross join enrollments
    join sections on sections.district_id = enrollments.district_id and sections.id = enrollments.section_id
    left join schools on schools.district_id = sections.district_id and schools.id = sections.school_id
    where enrollments.person_id = asked.student and +enrollments.district_id = :district and not enrollments.admin
      and ${isEnrollment('enrollments')}
    order by enrollments.id`,
    studentRow,
  );

  const ofStudentOn = text(
    knex,
    `${select}, case when ${betweenTerms(':date')} then 0 else 1 end as meets
    from enrollments
    join sections on sections.district_id = enrollments.district_id and sections.id = enrollments.section_id
    left join schools on schools.district_id = sections.district_id and schools.id = sections.school_id
    where enrollments.person_id = :student and +enrollments.district_id = :district and not enrollments.admin
      and ${enrolledOn('enrollments', ':date')} and ${mayReadOn('enrollments.section_id', ':date')}
    order by enrollments.id`,
    { ...studentRow, meets: bit },
  );

  return {
    /** Where the student is enrolled on the day, as far as the actor may read it, in the order of ids. */
    enrollmentsOn: (actor: Actor, student: number, date: string): Promise<EnrollmentOfDay[]> =>
      database.all(ofStudentOn, { ...scopeOf(actor), student, date }),

    /** The homeroom enrollment of each student on the day in the school, the lowest id of several, by `attendingKey`. */
    async homerooms(actor: Actor, attending: readonly Attending[]): Promise<Map<string, StudentEnrollment>> {
      const asked = JSON.stringify(attending.map(({ student, date, school }) => [student, date, school]));
      const rows = await database.all(homerooms, { ...scopeOf(actor), asked });
      const keyOf = (row: StudentEnrollment & { date: string }) =>
        attendingKey({ student: row.person_id, date: row.date, school: row.school_id! });
      return new Map(rows.map((row) => [keyOf(row), row]));
    },

    /** Every enrollment as a student, past and future included, in the order of ids. */
    async enrollments(actor: Actor, students: Iterable<number>): Promise<StudentEnrollment[]> {
      const asked = JSON.stringify([...new Set(students)].map((student) => [student]));
      const rows = await database.all(ofStudents, { ...scopeOf(actor), asked });
      const kept = await keptDays(
        database,
        actor.district,
        rows.map(({ id }) => id),
      );
      return kept.size === 0 ? rows : rows.map((row) => ({ ...row, kept: kept.get(row.id) ?? [] }));
    },
  };
}

export const attendingKey = ({ student, date, school }: Attending): string => `${student} ${date} ${school}`;
