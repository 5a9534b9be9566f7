import type { Invariant } from '../database/invariants';
import { FIRST_DAY } from '../days';

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

/** That a week has a day twice, or after a later one: of 1 to 7, each before those above it. */
const weekOutOfOrder = Array.from({ length: 7 }, (_none, index) => index + 1)
  .flatMap((day) => Array.from({ length: day }, (_none, index) => `schools.weekdays like '%${day}%${index + 1}%'`))
  .join(' or ');

/** Days that are kept of an enrollment, on which another one has the student by its own days. */
const keptWhile = (enrollments: string, own: string): string => `
  select 1 from kept_days
  where kept_days.district_id = ${enrollments}.district_id and kept_days.enrollment_id = ${enrollments}.id
    and ${own}.begin_date < ${own}.end_date
    and kept_days.begin_date < ${own}.end_date and kept_days.end_date > ${own}.begin_date`;

/** That the days of a section in such a table leave some out, before the last of them, or have some twice. */
const notInOrder = (table: string): string => `(${table}.begin_date >= ${table}.end_date
  or (${table}.begin_date <> '${FIRST_DAY}' and not exists (
    select 1 from ${table} as before
    where before.district_id = ${table}.district_id and before.section_id = ${table}.section_id
      and before.begin_date < ${table}.begin_date and before.end_date = ${table}.begin_date))
  or exists (
    select 1 from ${table} as other
    where other.district_id = ${table}.district_id and other.section_id = ${table}.section_id
      and other.begin_date > ${table}.begin_date and other.begin_date < ${table}.end_date))`;

/** What must hold of the roster: what an import writes, and what a database can break. */
export const rosterInvariants: readonly Invariant[] = [
  ...references.map(
    ([table, column, target]): Invariant => ({
      name: `${table}_${column.replace('_id', '')}`,
      table,
      level: 'error',
      right: `${column} is one of ${target} of the same district.`,
      broken: `select ${table}.id, ${table}.district_id, ${table}.${column}
        from ${table}
        left join ${target} as target on target.district_id = ${table}.district_id and target.id = ${table}.${column}
        where ${table}.${column} is not null and target.id is null`,
    }),
  ),
  {
    name: 'section_terms_district',
    table: 'section_terms',
    level: 'error',
    right: 'A section has terms of its own district.',
    broken: `select section_terms.district_id, section_terms.section_id, section_terms.term_id
      from section_terms
      left join sections on sections.district_id = section_terms.district_id and sections.id = section_terms.section_id
      left join terms on terms.district_id = section_terms.district_id and terms.id = section_terms.term_id
      where sections.id is null or terms.id is null`,
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
  {
    name: 'kept_days_enrollment',
    table: 'kept_days',
    level: 'error',
    right: 'Kept days are of an enrollment in the same section and district.',
    broken: `select kept_days.enrollment_id, kept_days.begin_date, kept_days.section_id, enrollments.section_id as enrollment_section
      from kept_days
      left join enrollments on enrollments.district_id = kept_days.district_id
        and enrollments.id = kept_days.enrollment_id
      where enrollments.id is null or enrollments.section_id <> kept_days.section_id`,
  },
  {
    name: 'kept_days_outside',
    table: 'kept_days',
    level: 'error',
    right: 'Kept days are days, and none of them is a day of the enrollment anyway, or kept twice.',
    broken: `select kept_days.enrollment_id, kept_days.begin_date, kept_days.end_date
      from kept_days
      join enrollments on enrollments.district_id = kept_days.district_id and enrollments.id = kept_days.enrollment_id
      where kept_days.begin_date >= kept_days.end_date
        or (kept_days.begin_date < enrollments.end_date and kept_days.end_date > enrollments.begin_date
          and enrollments.begin_date < enrollments.end_date)
        or exists (
          select 1 from kept_days as other
          where other.district_id = kept_days.district_id and other.enrollment_id = kept_days.enrollment_id
            and other.begin_date > kept_days.begin_date
            and other.begin_date < kept_days.end_date)`,
  },
  {
    name: 'kept_days_ahead',
    table: 'kept_days',
    level: 'error',
    right: 'Kept days are over: of those to come the roster is right.',
    broken: `select kept_days.enrollment_id, kept_days.begin_date, kept_days.end_date
      from kept_days
      where kept_days.end_date > :ahead`,
  },
  {
    name: 'kept_days_counted',
    table: 'kept_days',
    level: 'warning', // somebody may have said since that the roll was not taken
    right:
      'On some of kept days a roll was taken, or something was said of the student, or the class was in a school that counts untaken days.',
    broken: `select kept_days.enrollment_id, kept_days.begin_date, kept_days.end_date
      from kept_days
      join sections on sections.district_id = kept_days.district_id and sections.id = kept_days.section_id
      where not exists (
          select 1 from schools
          where schools.district_id = sections.district_id and schools.id = sections.school_id and schools.untaken = 'present' and not exists (
            select 1 from former_schools
            where former_schools.district_id = kept_days.district_id and former_schools.section_id = kept_days.section_id
              and former_schools.end_date >= kept_days.end_date))
        and not exists (
          select 1 from former_schools
          join schools on schools.district_id = former_schools.district_id
            and schools.id = former_schools.school_id and schools.untaken = 'present'
          where former_schools.district_id = kept_days.district_id and former_schools.section_id = kept_days.section_id
            and former_schools.begin_date < kept_days.end_date and former_schools.end_date > kept_days.begin_date)
        and not exists (
          select 1 from meetings
          where meetings.district_id = kept_days.district_id and meetings.section_id = kept_days.section_id
            and meetings.date >= kept_days.begin_date and meetings.date < kept_days.end_date
            and meetings.taken_at is not null)
        ${['marks', 'presences']
          .map(
            (told) => `and not exists (
          select 1 from ${told}
          where ${told}.district_id = kept_days.district_id and ${told}.section_id = kept_days.section_id
            and ${told}.date >= kept_days.begin_date and ${told}.date < kept_days.end_date
            and ${told}.enrollment_id = kept_days.enrollment_id)`,
          )
          .join(' ')}`,
  },
  {
    name: 'enrollment_ended',
    table: 'enrollments',
    level: 'warning', // `enrollment set` may have said so
    right: 'An enrollment that the SIS does not list has ended.',
    broken: `select enrollments.id, enrollments.section_id, enrollments.end_date
      from enrollments
      where not enrollments.active and enrollments.begin_date < enrollments.end_date and enrollments.end_date > :ahead`,
  },
  {
    name: 'enrollment_orphaned',
    table: 'enrollments',
    level: 'warning', // of one that was deleted before imports ended these
    right: 'An enrollment has ended where its user, its class or the school of that was deleted.',
    broken: `select enrollments.id, enrollments.section_id, enrollments.person_id, enrollments.end_date
      from enrollments
      join people on people.district_id = enrollments.district_id and people.id = enrollments.person_id
      join sections on sections.district_id = enrollments.district_id and sections.id = enrollments.section_id
      left join schools on schools.district_id = sections.district_id and schools.id = sections.school_id
      where enrollments.active and enrollments.end_date > :ahead and enrollments.begin_date < enrollments.end_date
        and (not people.active or not sections.active or not schools.active)`,
  },
  {
    name: 'former_schools_section',
    table: 'former_schools',
    level: 'error',
    right: 'A section was in schools of its own district.',
    broken: `select former_schools.section_id, former_schools.begin_date, former_schools.school_id
      from former_schools
      left join sections on sections.district_id = former_schools.district_id
        and sections.id = former_schools.section_id
      left join schools on schools.district_id = former_schools.district_id and schools.id = former_schools.school_id
      where sections.id is null or (former_schools.school_id <> 0 and schools.id is null)`,
  },
  {
    name: 'former_schools_days',
    table: 'former_schools',
    level: 'error',
    right: 'A section was in one school at a time, from the first day on without a gap.',
    broken: `select former_schools.section_id, former_schools.begin_date, former_schools.end_date
      from former_schools
      where ${notInOrder('former_schools')}`,
  },
  {
    name: 'former_terms_section',
    table: 'former_terms',
    level: 'error',
    right: 'A class that had other terms is a section of the same district.',
    broken: `select former_terms.section_id, former_terms.begin_date
      from former_terms
      left join sections on sections.district_id = former_terms.district_id and sections.id = former_terms.section_id
      where sections.id is null`,
  },
  {
    name: 'former_terms_days',
    table: 'former_terms',
    level: 'error',
    right:
      'What is kept of the former terms of a section is of days that are over, from the first day on without a gap.',
    broken: `select former_terms.section_id, former_terms.begin_date, former_terms.end_date
      from former_terms
      where former_terms.end_date > :ahead or ${notInOrder('former_terms')}`,
  },
  {
    name: 'corrections_enrollment',
    table: 'corrections',
    level: 'error',
    right:
      'A correction is of an enrollment in the same section and district, or, of its school or terms, of the section alone.',
    broken: `select corrections.id, corrections.district_id, corrections.section_id, corrections.enrollment_id, corrections.what
      from corrections
      left join sections on sections.district_id = corrections.district_id and sections.id = corrections.section_id
      left join enrollments on enrollments.district_id = corrections.district_id
        and enrollments.id = corrections.enrollment_id
      where corrections.what not in ('days', 'person', 'school', 'terms', 'type')
        or (corrections.what in ('school', 'terms', 'type')) <> (corrections.enrollment_id is null)
        or sections.id is null
        or (corrections.enrollment_id is not null
          and (enrollments.id is null or enrollments.section_id <> corrections.section_id))`,
  },
  {
    name: 'corrected_rolls_enrollment',
    table: 'corrected_rolls',
    level: 'error',
    right: 'A roll that was corrected is of an enrollment in the same section and district.',
    broken: `select corrected_rolls.section_id, corrected_rolls.date, corrected_rolls.enrollment_id
      from corrected_rolls
      left join enrollments on enrollments.district_id = corrected_rolls.district_id
        and enrollments.id = corrected_rolls.enrollment_id
      where enrollments.id is null or enrollments.section_id <> corrected_rolls.section_id`,
  },
  {
    name: 'person_once',
    table: 'enrollments',
    level: 'warning', // an SIS may list somebody twice; the next import makes one of the two
    right: 'A student is in a section once on each day.',
    broken: `select one.id, other.id as other_id, one.section_id, one.person_id
      from enrollments as one
      join enrollments as other on +other.district_id = one.district_id
        and other.person_id = one.person_id and other.section_id = one.section_id
        and other.id > one.id and not other.admin
      where not one.admin and (
        (one.begin_date < other.end_date and other.begin_date < one.end_date
          and one.begin_date < one.end_date and other.begin_date < other.end_date)
        or exists (${keptWhile('one', 'other')}) or exists (${keptWhile('other', 'one')})
        or exists (
          select 1 from kept_days as ones
          join kept_days as others on others.district_id = other.district_id and others.enrollment_id = other.id
            and others.begin_date < ones.end_date and ones.begin_date < others.end_date
          where ones.district_id = one.district_id and ones.enrollment_id = one.id))`,
  },
  {
    name: 'person_names_person',
    table: 'person_names',
    level: 'error',
    right: 'The words of a name are of a person of the same district.',
    broken: `select person_names.district_id, person_names.person_id
      from person_names
      left join people on people.district_id = person_names.district_id and people.id = person_names.person_id
      where people.id is null`,
  },
  {
    name: 'person_aliases_person',
    table: 'person_aliases',
    level: 'error',
    right:
      'Another sourcedId of a person is of the same district, nobody else is known by it, and the person has one of their own.',
    broken: `select person_aliases.district_id, person_aliases.person_id
      from person_aliases
      left join people on people.district_id = person_aliases.district_id and people.id = person_aliases.person_id
      left join people as other on other.district_id = person_aliases.district_id
        and other.sourced_id = person_aliases.sourced_id
      where people.id is null or other.id is not null or people.sourced_id is null`,
  },
  {
    name: 'enrollment_aliases_enrollment',
    table: 'enrollment_aliases',
    level: 'error',
    right:
      'Another sourcedId of an enrollment is of a student of the same district, no other enrollment is known by it, and this one has one of its own.',
    broken: `select enrollment_aliases.district_id, enrollment_aliases.enrollment_id
      from enrollment_aliases
      left join enrollments on enrollments.district_id = enrollment_aliases.district_id
        and enrollments.id = enrollment_aliases.enrollment_id
      left join enrollments as other on other.district_id = enrollment_aliases.district_id
        and other.sourced_id = enrollment_aliases.sourced_id
      where enrollments.id is null or other.id is not null or enrollments.sourced_id is null or enrollments.admin`,
  },
  {
    name: 'enrollment_rows_enrollment',
    table: 'enrollment_rows',
    level: 'warning', // of an import that was interrupted; the next one mends it
    right: 'A row of an enrollment that the SIS lists by several is of one that goes by its sourcedId.',
    broken: `select enrollment_rows.district_id, enrollment_rows.enrollment_id
      from enrollment_rows
      left join enrollments on enrollments.id = enrollment_rows.enrollment_id
        and enrollments.district_id = enrollment_rows.district_id
      where enrollments.id is null or (enrollments.sourced_id <> enrollment_rows.sourced_id and not exists (
        select 1 from enrollment_aliases
        where enrollment_aliases.district_id = enrollment_rows.district_id
          and enrollment_aliases.enrollment_id = enrollment_rows.enrollment_id
          and enrollment_aliases.sourced_id = enrollment_rows.sourced_id))`,
  },
  {
    name: 'school_week',
    table: 'schools',
    level: 'error',
    right: 'A school is open on at least one weekday, each of them a digit from 1 to 7, in their order.',
    broken: `select schools.id, schools.district_id, schools.weekdays
      from schools
      where schools.weekdays = '' or replace(replace(replace(replace(replace(replace(replace(
          schools.weekdays, '1', ''), '2', ''), '3', ''), '4', ''), '5', ''), '6', ''), '7', '') <> ''
        or ${weekOutOfOrder}`,
  },
  {
    name: 'school_edit_days',
    table: 'schools',
    level: 'error',
    right: 'For as many days as teachers of a school may change a roll, from 0 to 366, or without an end.',
    broken: `select schools.id, schools.district_id, schools.edit_days
      from schools
      where schools.edit_days < 0 or schools.edit_days > 366`,
  },
  {
    name: 'school_grade',
    table: 'schools',
    level: 'error',
    right: 'In an attendance grade late counts from 0 to 100 percent of present, and excused is left out or present.',
    broken: `select schools.id, schools.district_id, schools.grade_late, schools.grade_excused
      from schools
      where schools.grade_late < 0 or schools.grade_late > 100 or schools.grade_excused not in ('left_out', 'present')`,
  },
  {
    name: 'school_untaken',
    table: 'schools',
    level: 'error',
    right: 'A school counts students who are not marked on untaken rolls as unknown or as present.',
    broken: `select schools.id, schools.district_id, schools.untaken
      from schools
      where schools.untaken not in ('unknown', 'present')`,
  },
  {
    name: 'calendar_days_school',
    table: 'calendar_days',
    level: 'error',
    right: 'A calendar is of a school of the same district.',
    broken: `select calendar_days.district_id, calendar_days.school_id, calendar_days.date
      from calendar_days
      left join schools on schools.district_id = calendar_days.district_id and schools.id = calendar_days.school_id
      where schools.id is null`,
  },
  {
    name: 'bell_periods_school',
    table: 'bell_periods',
    level: 'error',
    right: 'A bell schedule is of a school of the same district.',
    broken: `select bell_periods.district_id, bell_periods.school_id, bell_periods.year, bell_periods.period
      from bell_periods
      left join schools on schools.district_id = bell_periods.district_id and schools.id = bell_periods.school_id
      where schools.id is null`,
  },
  {
    name: 'bell_period_times',
    table: 'bell_periods',
    level: 'error',
    right: 'A period ends after it begins, on the same day.',
    broken: `select bell_periods.district_id, bell_periods.school_id, bell_periods.year, bell_periods.period,
        bell_periods.start_time, bell_periods.end_time
      from bell_periods
      where bell_periods.start_time < 0 or bell_periods.end_time <= bell_periods.start_time or bell_periods.end_time > 86400`,
  },
  {
    name: 'term_days',
    table: 'terms',
    level: 'error',
    right: 'A session ends on a day that is not before the one it begins on.',
    broken: `select terms.id, terms.district_id, terms.begin_date, terms.end_date
      from terms
      where terms.end_date < terms.begin_date`,
  },
  {
    name: 'term_parent',
    table: 'terms',
    level: 'warning', // the SIS may say so
    right: 'The session that a session is part of is another one of the same district.',
    broken: `select terms.id, terms.district_id, terms.parent_sourced_id
      from terms
      where terms.parent_sourced_id is not null and (terms.parent_sourced_id = terms.sourced_id or not exists (
        select 1 from terms as parent
        where parent.district_id = terms.district_id and parent.sourced_id = terms.parent_sourced_id))`,
  },
  {
    name: 'section_inactive',
    table: 'sections',
    level: 'error',
    right: 'A section that the SIS lists has no day from which on it does not.',
    broken: `select sections.id, sections.district_id, sections.inactive_from
      from sections
      where sections.active and sections.inactive_from is not null`,
  },
  {
    name: 'roster_modified',
    table: 'districts',
    level: 'error',
    right: 'The newest dateLastModified of what was imported is an instant, ISO 8601, so that older bundles are known.',
    broken: `select districts.id, districts.roster_modified_at
      from districts
      where districts.roster_modified_at not like '____-__-__T__:__:__.___Z'`,
  },
];
