import { MARKS_OF_A_DAY, SECTIONS_OF_A_GROUP, STUDENTS, schoolDays } from './sizes';

/*
 * A district of any size in a few statements that SQLite and PostgreSQL both take. Rows are made in the order of
 * their keys.
 */

const numbers = (count: number) =>
  `with recursive numbers(i) as (select 1 union all select i + 1 from numbers where i < ${count})`;
/** The group of sections that share their students, from 0. */
const group = `((sections.id - 1) / ${SECTIONS_OF_A_GROUP})`;
const AT = '2025-08-01T00:00:00.000Z';

/** One district with so many sections, their students, teachers and enrollments, and no marks. */
export function rosterSql(sections: number): string[] {
  const groups = Math.ceil(sections / SECTIONS_OF_A_GROUP);
  const students = groups * STUDENTS;
  const schools = Math.ceil(groups / 10);
  const person = `insert into people (id, district_id, sourced_id, school_id, role, username, email, given_name,
    middle_name, family_name, preferred_name, identifier, grades)`;
  return [
    `insert into districts (id, name, time_zone, created_at) values (1, 'Bench', 'America/Chicago', '${AT}')`,
    `insert into terms (id, district_id, sourced_id, title, type, begin_date, end_date, school_year)
      values (1, 1, 'year', '2025-26', 'schoolYear', '2025-07-01', '2026-07-01', '2026')`,
    `insert into schools (id, district_id, sourced_id, name, type, number)
      ${numbers(schools)} select i, 1, 'school-' || i, 'School ' || i, 'school', 'S' || i from numbers`,
    `insert into sections (id, district_id, sourced_id, school_id, title, section_code, class_type, location, periods,
        subjects, grades)
      ${numbers(sections)}
      select i, 1, 'section-' || i, (i - 1) / ${SECTIONS_OF_A_GROUP * 10} + 1, 'Section ' || i, 'S' || i,
        case when (i - 1) % ${SECTIONS_OF_A_GROUP} = 0 then 'homeroom' else 'scheduled' end, '', '1', '', '07'
      from numbers`,
    'insert into section_terms (district_id, section_id, term_id) select 1, sections.id, 1 from sections',
    `${person} ${numbers(students)}
      select i, 1, 'student-' || i, (i - 1) / ${STUDENTS * 10} + 1, 'student', 's' || i, '', 'Student', '', 'S' || i,
        '', cast(i as text), '07'
      from numbers`,
    `${person}
      select ${students} + sections.id, 1, 'teacher-' || sections.id, sections.school_id, 'teacher',
        't' || sections.id, '', 'Teacher', '', 'T' || sections.id, '', '', ''
      from sections`,
    `insert into enrollments (id, district_id, sourced_id, section_id, person_id, admin, begin_date, end_date)
      ${numbers(STUDENTS + 1)}
      select (sections.id - 1) * ${STUDENTS + 1} + numbers.i, 1, sections.id || '-' || numbers.i, sections.id,
        case when numbers.i > ${STUDENTS} then ${students} + sections.id
          else ${group} * ${STUDENTS} + numbers.i end,
        numbers.i > ${STUDENTS}, '2025-07-01', '2027-07-01'
      from sections cross join numbers`,
  ];
}

/** The days of the school year, for `rollsSql` on the same connection. */
export const schoolDaysSql = [
  'create temp table school_days (i integer, date date)',
  `insert into school_days (i, date) values ${schoolDays.map((day, index) => `(${index}, '${day}')`).join(', ')}`,
];

/** The school year's rolls of sections: a tenth of the students has a mark, the next day another tenth. */
export function rollsSql(from: number, to: number): string[] {
  const step = STUDENTS / MARKS_OF_A_DAY;
  const steps = Array.from({ length: MARKS_OF_A_DAY }, (_, index) => `select ${index * step} as i`).join(' union all ');
  const days = `from sections cross join school_days`;
  const some = `sections.id >= ${from} and sections.id <= ${to}`;
  return [
    `insert into meetings (district_id, section_id, date, taken_at)
      select 1, sections.id, school_days.date, '${AT}' ${days} where ${some}`,
    `insert into marks (district_id, section_id, date, enrollment_id, status, comment, changed_at)
      select 1, sections.id, school_days.date,
        (sections.id - 1) * ${STUDENTS + 1} + (sections.id + 3 * school_days.i) % ${step} + 1 + steps.i,
        case when (sections.id + school_days.i + steps.i / ${step}) % 5 < 3 then 2
          when (sections.id + school_days.i + steps.i / ${step}) % 5 = 3 then 3 else 4 end,
        case when (sections.id + school_days.i) % 4 = 0 then 'Bus was late' else '' end, '${AT}'
      ${days} cross join (${steps}) as steps where ${some}`,
  ];
}

/** One more section, with so many students and a mark of each on every day: the largest answer there is. */
export function assemblySql(section: number, students: number): string[] {
  const first = (section - 1) * (STUDENTS + 1);
  return [
    `insert into sections (id, district_id, sourced_id, school_id, title, section_code, class_type, location, periods,
        subjects, grades)
      values (${section}, 1, 'assembly', 1, 'Assembly', 'A', 'scheduled', '', '1', '', '07')`,
    `insert into enrollments (id, district_id, sourced_id, section_id, person_id, admin, begin_date, end_date)
      ${numbers(students)} select ${first} + i, 1, 'assembly-' || i, ${section}, (i - 1) % ${STUDENTS} + 1, 1 = 0,
        '2025-07-01', '2027-07-01' from numbers`,
    `insert into meetings (district_id, section_id, date, taken_at)
      select 1, ${section}, school_days.date, '${AT}' from school_days`,
    `insert into marks (district_id, section_id, date, enrollment_id, status, comment, changed_at)
      ${numbers(students)} select 1, ${section}, school_days.date, ${first} + numbers.i, 2, '', '${AT}'
      from school_days cross join numbers`,
  ];
}
