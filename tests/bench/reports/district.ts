import { rollbook } from '../processes/rollbook';
import { openBulk } from '../school/build';
import type { Client } from '../school/client';
import { weekdaysFrom } from '../school/days';

/** How large the district is. */
export interface DistrictSize {
  readonly schools: number;
  /** Of a school: a multiple of 100, so that a twentieth is away on each day. 1,000 where it is not said. */
  readonly students?: number;
  /** School years, the last of them 2025-26. */
  readonly years: number;
}

export interface District extends Required<DistrictSize> {
  readonly url: string;
  readonly client: Client;
}

const SEATS = 30;
/** Of a school, so that each student has eight or nine. */
export const sectionsOf = (students: number): number => Math.floor(students * 0.28);
/** The year that is reported on. */
const YEAR = 2025;
const AT = '2025-08-01T00:00:00.000Z';

export const schoolDaysOf = (year: number): string[] => weekdaysFrom(`${year}-08-25`, 180);
export const schoolDays = schoolDaysOf(YEAR);
/** The first section of the year that is reported on. */
export const firstSection = ({ schools, students, years }: Required<DistrictSize>): number =>
  (years - 1) * schools * sectionsOf(students) + 1;
export const enrollmentOf = (section: number, seat: number): number => (section - 1) * SEATS + seat + 1;

/**
 * A district with every roll taken: every twentieth student is away each day, from all their sections. The years
 * before the last have been counted as they went, the last never was.
 */
export async function buildDistrict(
  url: string,
  { schools, students = 1_000, years }: DistrictSize,
): Promise<District> {
  const size = { schools, students, years };
  rollbook(url, 'migrate');
  const bulk = await openBulk(url);
  for (const sql of rosterSql(size)) await bulk.run(sql);
  for (let index = 0; index < size.years; index++)
    for (const sql of yearSql(size, index, YEAR - size.years + 1 + index)) await bulk.run(sql);
  await bulk.close();
  const scopes = 'attendance:read,attendance:write';
  const client: Client = rollbook(url, 'client', 'create', '--district', '1', '--name', 'bench', '--scopes', scopes);
  return { ...size, url, client };
}

const numbers = (count: number) =>
  `with recursive numbers(i) as (select 0 union all select i + 1 from numbers where i < ${count - 1})`;
const people = `insert into people (id, district_id, sourced_id, school_id, role, username, email, given_name,
  middle_name, family_name, preferred_name, identifier, grades)`;

type Size = Required<DistrictSize>;

function rosterSql({ schools, students, years }: Size): string[] {
  const sections = sectionsOf(students);
  return [
    `insert into districts (id, name, time_zone, created_at) values (1, 'Bench', 'America/Chicago', '${AT}')`,
    `insert into schools (id, district_id, sourced_id, name, type, number)
      ${numbers(schools)} select i + 1, 1, 'school-' || i, 'School ' || i, 'school', 'S' || i from numbers`,
    `${people} ${numbers(schools * students)}
      select i + 1, 1, 'student-' || i, i / ${students} + 1, 'student', 's' || i, '', 'Given' || i, '', 'Family' || i,
        '', '', '07'
      from numbers`,
    `insert into sections (id, district_id, sourced_id, active, school_id, title, section_code, class_type, location,
        periods, subjects, grades, revision, counted_revision, counted_journal)
      ${numbers(years * schools * sections)}
      select i + 1, 1, 'section-' || i, i >= ${(years - 1) * schools * sections}, i / ${sections} % ${schools} + 1,
        'Section ' || i, 'S' || i, 'scheduled', '', '1', '', '07', 1,
        case when i >= ${(years - 1) * schools * sections} then 0 else 1 end, 1
      from numbers`,
  ];
}

/** A school year with its own sections, its enrollments, rolls and marks. */
function yearSql({ schools, students, years }: Size, index: number, year: number): string[] {
  const sections = sectionsOf(students);
  const [from, to] = [index * schools * sections + 1, (index + 1) * schools * sections];
  const some = `sections.id >= ${from} and sections.id <= ${to}`;
  const days = schoolDaysOf(year);
  // Seats are filled in the order of the students, so that who sits in one is known by its number.
  const seat = `((sections.id - 1) % ${sections} * ${SEATS})`;
  const first = `((20 - (${seat} + 7 * school_days.i) % 20) % 20)`;
  const isLast = index === years - 1;
  return [
    'drop table if exists school_days',
    'create temp table school_days (i integer, date date)',
    `insert into school_days (i, date) values ${days.map((day, at) => `(${at}, '${day}')`).join(', ')}`,
    `insert into enrollments (id, district_id, sourced_id, section_id, person_id, admin, begin_date, end_date)
      ${numbers(SEATS)}
      select (sections.id - 1) * ${SEATS} + numbers.i + 1, 1, sections.id || '-' || numbers.i, sections.id,
        (sections.school_id - 1) * ${students} + (${seat} + numbers.i) % ${students} + 1, 1 = 0,
        '${year}-08-01', '${year + 1}-06-30'
      from sections cross join numbers where ${some}`,
    `insert into meetings (district_id, section_id, date, taken_at)
      select 1, sections.id, school_days.date, '${AT}' from sections cross join school_days where ${some}`,
    `insert into marks (district_id, section_id, date, enrollment_id, status, comment, changed_at)
      select 1, sections.id, school_days.date, (sections.id - 1) * ${SEATS} + ${first} + steps.i + 1,
        case when school_days.i % 5 = 0 then 4 else 2 end, '', '${AT}'
      from sections cross join school_days cross join (select 0 as i union all select 20) as steps
      where ${some} and ${first} + steps.i < ${SEATS}`,
    `insert into journal (district_id, section_id, date, at, api, from_comment, to_comment)
      select 1, sections.id, '${days.at(-1)}', '${AT}', 'bench', '', '' from sections where ${some}`,
    ...(isLast ? ['update sections set counted_journal = 0 where counted_revision = 0'] : countedSql(students, year)),
  ];
}

const countedSql = (students: number, year: number): string[] => [
  `insert into counted_days (district_id, date, school_id, rolls, students, absent, excused, late)
    select 1, school_days.date, schools.id, ${sectionsOf(students)}, ${students}, ${students / 20}, 0, 0
    from schools cross join school_days`,
  `insert into counted_students (district_id, year, school_id, person_id, days)
    select 1, ${year}, people.school_id, people.id, '${'PPPPPPPPPPPPPPPPPPPA'.repeat(16)}' from people`,
];
