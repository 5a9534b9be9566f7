import type { Engine } from '../../database/database';
import { text } from '../../database/query';
import { teaches } from '../../roster/teaches';

/** The columns of a part, in the order of `Part`, without its id. */
const columns = {
  section_id: 'bigint',
  date: 'date',
  enrollment_id: 'bigint',
  part: 'text',
  mode: 'text',
  code_id: 'bigint',
  status: 'smallint',
  comment: 'text',
  period: 'text',
  program: 'text',
  calendar_day: 'text',
  att_interval: 'bigint',
  start_time: 'bigint',
  end_time: 'bigint',
  total_minutes: 'bigint',
} as const;
const names = Object.keys(columns) as (keyof typeof columns)[];

/** A row of a list of parts. */
export const rowOf = (part: { readonly [Name in keyof typeof columns]: string | number | null }) =>
  names.map((name) => part[name]);

/** The statements of this dialect's side table. */
export function partsSql(engine: Engine) {
  const { knex } = engine;
  const selected = ['id', ...names].map((name) => `parts.${name}`).join(', ');
  return {
    ofDays: text(
      knex,
      `select ${selected}
      from ${engine.rows('days', { section_id: 'bigint', date: 'date', enrollment_id: 'bigint' })} as asked
      cross join powerschool_attendance as parts
      where parts.section_id = asked.section_id and parts.date = asked.date
        and parts.enrollment_id = asked.enrollment_id and parts.district_id = :district
      order by parts.id`,
    ),
    ofStudents: text(
      knex,
      `select ${selected}
      from ${engine.rows('students', { person_id: 'bigint' })} as asked
      cross join enrollments
      join powerschool_attendance as parts on parts.section_id = enrollments.section_id and parts.enrollment_id = enrollments.id
        and parts.district_id = enrollments.district_id
      where enrollments.person_id = asked.person_id and +enrollments.district_id = :district
        and parts.date >= :from and parts.date <= :to
        and (cast(:person as bigint) is null or ${teaches('enrollments.section_id')})
      order by parts.id`,
    ),
    dayOfPart: text(
      knex,
      `select enrollments.person_id, parts.date
      from powerschool_attendance as parts
      join enrollments on enrollments.id = parts.enrollment_id
      where parts.id = :id and parts.district_id = :district`,
    ),
    studentOfEnrollment: text(
      knex,
      `select enrollments.person_id
      from enrollments
      where enrollments.id = :id and enrollments.district_id = :district`,
    ),
    put: text(
      knex,
      `insert into powerschool_attendance (district_id, ${names.join(', ')})
      select :district, ${names.join(', ')}
      from ${engine.rows('parts', columns)} as posted
      where true
      on conflict (section_id, date, enrollment_id, part) do update set
        ${names
          .slice(4)
          .map((name) => `${name} = excluded.${name}`)
          .join(', ')}
      returning id, enrollment_id, date, part`,
    ),
  };
}
