import type { Invariant } from '../database/invariants';

/** The columns by which a row of the roster names another: both are of one district. */
const references: readonly (readonly [table: string, column: string, target: string])[] = [
  ['people', 'school_id', 'schools'],
  ['courses', 'school_id', 'schools'],
  ['sections', 'school_id', 'schools'],
  ['sections', 'course_id', 'courses'],
  ['enrollments', 'section_id', 'sections'],
  ['enrollments', 'person_id', 'people'],
  ['attendance_codes', 'school_id', 'schools'],
];

export const rosterInvariants: readonly Invariant[] = [
  ...references.map(
    ([table, column, target]): Invariant => ({
      name: `${table}_${column.replace('_id', '')}`,
      table,
      level: 'error',
      right: `${column} is one of ${target} of the same district.`,
      broken: `select ${table}.id, ${table}.district_id, ${table}.${column}, target.district_id as ${column}_district
        from ${table}
        left join ${target} as target on target.id = ${table}.${column}
        where ${table}.${column} is not null and (target.id is null or target.district_id <> ${table}.district_id)`,
    }),
  ),
  {
    name: 'section_terms_district',
    table: 'section_terms',
    level: 'error',
    right: 'A section has terms of its own district.',
    broken: `select section_terms.section_id, section_terms.term_id
      from section_terms
      left join sections on sections.id = section_terms.section_id
      left join terms on terms.id = section_terms.term_id
      where sections.id is null or terms.id is null or sections.district_id <> terms.district_id`,
  },
  {
    name: 'enrollment_days',
    table: 'enrollments',
    level: 'error',
    right: 'An enrollment ends on a day (exclusive) that is not before the one it begins on.',
    broken: `select enrollments.id, enrollments.begin_date, enrollments.end_date
      from enrollments
      where enrollments.end_date < enrollments.begin_date`,
  },
];
