import { plusDays, today } from '../../../src/days';
import type { Api } from '../../api';

/** What the small school lacks for the lists of Schoology; ids by name. */
export interface Additions {
  readonly schools: { readonly middle: number; readonly north: number };
  /** Algebra I of the middle school, of which there are three sections; Geometry of the north school. */
  readonly courses: { readonly algebra: number; readonly geometry: number };
  /** `past` of last year, which the SIS lists still; `dropped` of the same, which it does not; `deleted` of this year. */
  readonly sections: { readonly past: number; readonly dropped: number; readonly deleted: number };
  readonly terms: { readonly last: number; readonly fall: number; readonly year: number };
  /** Goes to the north school; whom the SIS lists no longer. */
  readonly people: { readonly emil: number; readonly sophie: number };
}

/** Ada is in all sections, Noether teaches them. Algebra is in two terms that go on, Biology in none. */
export async function addTo({ world }: Api): Promise<Additions> {
  const { knex } = world.database;
  const district_id = world.districts.larkspur;
  const insert = async (table: string, row: object): Promise<number> =>
    Number(
      (
        await knex(table)
          .insert({ district_id, ...row })
          .returning('id')
      )[0].id,
    );
  const { school_id: middle } = await knex('sections').where({ id: world.sections.algebra }).first('school_id');
  const north = await insert('schools', { sourced_id: 'north', name: 'North School', type: 'school', number: '300' });

  const course = { subjects: 'Mathematics', grades: '07,08' };
  const courses = {
    algebra: await insert('courses', {
      ...course,
      school_id: middle,
      sourced_id: 'alg-1',
      title: 'Algebra I',
      course_code: 'ALG-1',
    }),
    geometry: await insert('courses', {
      ...course,
      school_id: north,
      sourced_id: 'geo',
      title: 'Geometry',
      course_code: 'GEO',
    }),
  };
  await knex('sections').where({ id: world.sections.algebra }).update({ course_id: courses.algebra });

  // Terms end on the first day on which they are over.
  const now = today('America/Chicago');
  const term = (title: string, begin_date: string, end_date: string, type = 'term') =>
    insert('terms', { sourced_id: title.toLowerCase(), title, type, school_year: '2026', begin_date, end_date });
  const terms = {
    last: await term('Fall of last year', plusDays(now, -500), now),
    fall: await term('Fall', plusDays(now, -100), plusDays(now, 1)),
    year: await term('The year', plusDays(now, -100), plusDays(now, 100), 'schoolYear'),
  };
  const { id: _, ...algebra } = await knex('sections').where({ id: world.sections.algebra }).first();
  const section = (name: string, active: boolean) =>
    insert('sections', { ...algebra, sourced_id: name, title: name, section_code: name, active });
  const sections = {
    past: await section('past', true),
    dropped: await section('dropped', false),
    deleted: await section('deleted', false),
  };
  const inTerm = (section_id: number, term_id: number) =>
    knex('section_terms').insert({ district_id: world.districts.larkspur, section_id, term_id });
  await inTerm(world.sections.algebra, terms.fall);
  await inTerm(world.sections.algebra, terms.year);
  await inTerm(sections.past, terms.last);
  await inTerm(sections.dropped, terms.last);
  await inTerm(sections.deleted, terms.year);
  const { ada, noether } = world.people;
  for (const section_id of Object.values(sections))
    for (const person_id of [ada, noether])
      await insert('enrollments', {
        section_id,
        person_id,
        sourced_id: `${person_id}-${section_id}`,
        admin: person_id === noether,
        begin_date: '2024-08-25',
        end_date: '2099-06-12',
      });

  const { id: __, ...person } = await knex('people').where({ id: ada }).first();
  const another = (given_name: string, row: object) =>
    insert('people', { ...person, given_name, sourced_id: given_name.toLowerCase(), ...row });
  const people = {
    emil: await another('Emil', { school_id: north, role: 'principal' }),
    sophie: await another('Sophie', { family_name: 'Germain', active: false }),
  };
  return { schools: { middle: Number(middle), north }, courses, sections, terms, people };
}
