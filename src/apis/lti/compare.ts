import type { Database } from '../../database/database';
import { text } from '../../database/query';
import { bit, integer, nullable, string } from '../../database/rows';
import { today } from '../../days';
import { enrolledOn } from '../../roster/enrolled';
import { openErasures } from '../../roster/erasures';
import { calledName, isSameName, namesRow } from '../../roster/names';
import type { Course } from './grades/courses';
import { openMatching } from './match';
import type { Member } from './members';
import type { Platform } from './platforms';

/** How a member of a course is not as the roster has it; who mends it is the office, in the SIS or at the LMS. */
export const differences = {
  unnamed: 'the LMS does not say what the SIS calls them',
  unknown: 'nobody in the roster is called so by the SIS',
  elsewhere: 'they are not in the section today',
  teacher: 'they teach the section',
  student: 'they are a student of the section',
  inactive: 'the LMS has suspended them in the course, or ended it for them',
  named: 'the roster has another name',
  missing: 'the LMS does not list them in the course',
} as const;

/** A member of a course and whom of the roster it is. */
export interface Compared {
  /** Null: of the roster alone. */
  readonly user: string | null;
  readonly name: string;
  readonly sourced_id: string | null;
  readonly person_id: number | null;
  readonly roster_name: string | null;
  /** Null: it is as the roster has it. */
  readonly difference: keyof typeof differences | null;
}

/**
 * How the members of a course are those of its section today, by page, and then who is in the section alone; without
 * people who were erased, of whom neither says anything. It writes nothing.
 */
export function openComparison(database: Database) {
  const matching = openMatching(database);
  const erasures = openErasures(database);
  const zone = text(database.knex, 'select districts.time_zone from districts where districts.id = :district', {
    time_zone: string,
  });
  const listed = text(
    database.knex,
    `select people.id, people.sourced_id, people.given_name, people.preferred_name, people.family_name,
      max(case when enrollments.admin then 1 else 0 end) as teaches
    from enrollments
    join people on people.district_id = enrollments.district_id and people.id = enrollments.person_id
    where enrollments.section_id = :section and +enrollments.district_id = :district and people.active
      and ${enrolledOn('enrollments', ':date')}
      and not exists (
        select 1 from erasures
        where erasures.district_id = people.district_id and erasures.person_id = people.id)
    group by people.id, people.sourced_id, people.given_name, people.preferred_name, people.family_name
    order by people.id`,
    { id: integer, sourced_id: nullable(string), ...namesRow, teaches: bit },
  );

  return async function* (
    { district_id: district, section_id: section }: Pick<Course, 'district_id' | 'section_id'>,
    platform: Pick<Platform, 'trusts_email'>,
    pages: AsyncIterable<readonly Member[]>,
  ): AsyncGenerator<Compared[]> {
    const [{ time_zone }] = (await database.all(zone, { district })) as [{ time_zone: string }];
    const rows = await database.all(listed, { district, section, date: today(time_zone) });
    const inSection = new Map(rows.map((row) => [row.id, row]));
    const personOf = await matching.of(district, section, platform);
    const erased = await erasures.of(district);
    const met = new Set<number>();
    for await (const all of pages) {
      const page = all.filter(({ person }) => person === undefined || !erased(person));
      const named = await matching.anywhere(district, page);
      yield page.map((member): Compared => {
        const person = personOf(member) ?? (member.person === undefined ? undefined : named.get(member.person));
        const row = person === undefined ? undefined : inSection.get(person);
        if (row) met.add(row.id);
        return {
          ...{ user: member.user, name: member.name, sourced_id: member.person ?? null, person_id: person ?? null },
          roster_name: row ? calledName(row) : null,
          difference: differenceOf(member, person, row),
        };
      });
    }
    const missing = rows.filter(({ id, teaches }) => !met.has(id) && !teaches);
    yield missing.map(
      (row): Compared => ({
        ...{ user: null, name: '', sourced_id: row.sourced_id, person_id: row.id, roster_name: calledName(row) },
        difference: 'missing',
      }),
    );
  };
}

type Row = { readonly teaches: boolean | 0 | 1 } & Parameters<typeof calledName>[0];

function differenceOf(
  { name, roles, person, active }: Member,
  found: number | undefined,
  row: Row | undefined,
): Compared['difference'] {
  if (found === undefined) return person === undefined ? 'unnamed' : 'unknown';
  if (!row) return 'elsewhere';
  if (row.teaches ? !roles.instructor : !roles.learner) return row.teaches ? 'teacher' : 'student';
  if (!active) return 'inactive';
  const names = [calledName(row), `${row.given_name} ${row.family_name}`];
  return name !== '' && !names.some((each) => isSameName(each, name)) ? 'named' : null;
}
