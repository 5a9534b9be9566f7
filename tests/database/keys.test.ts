import { migrationNames, migrations } from '../../db/migrations';
import { migrate } from '../../src/database/migrate';
import { schemaOf } from '../../src/database/schema';
import { openWorld, type World } from '../world';

/** Migration 0036, by which the district is in every key. */
let world: World;
beforeEach(async () => {
  world = await openWorld({ reuse: false }); // its schema changes
  await world.ledger.record([{ enrollment: world.enrollments.ada, date: '2025-10-07', status: 2 }], world.actor);
});
afterEach(() => world.close());

const name = '0036_districts_in_keys';
/** Back to before it, by way of those that came after it. */
async function back(): Promise<void> {
  const later = migrationNames.slice(migrationNames.indexOf(name)).reverse();
  for (const each of later)
    await world.database.knex.migrate.down({ migrationSource: migrations(world.database), name: each });
}
const schema = () => schemaOf(world.database.knex, world.database);

const tables = [
  'schools',
  'terms',
  'people',
  'sections',
  'section_terms',
  'enrollments',
  'kept_days',
  'marks',
  'journal',
];
const rows = async () => {
  const { knex } = world.database;
  const found = await Promise.all(tables.map((table) => knex(table).select(knex.raw(`'${table}' as of`), '*')));
  return found.flatMap((each) => each.map((row) => JSON.stringify(Object.entries(row).sort()))).sort();
};

test('a database of before has every row afterwards, and gives out no id again', async () => {
  const { knex } = world.database;
  const { districts, sections, enrollments } = world;
  const district_id = districts.larkspur;
  const term = { district_id, title: 'Fall', type: 'term', school_year: '2026' };
  const [{ id: term_id }] = await knex('terms')
    .insert({ ...term, begin_date: '2025-08-25', end_date: '2025-12-20' })
    .returning('id');
  const kept = { enrollment_id: enrollments.ada, begin_date: '2025-07-01', end_date: '2025-07-02' };
  await knex('kept_days').insert({ district_id, section_id: sections.algebra, ...kept });
  await knex('section_terms').insert({ district_id, section_id: sections.algebra, term_id });
  const school = { district_id, name: 'Annex', type: 'school', number: '2' };
  const [{ id: last }] = await knex('schools').insert(school).returning('id');
  await knex('schools').where({ id: last }).delete();
  const [before, made] = [await rows(), await schema()];

  await back();
  expect(await schema()).not.toEqual(made);
  await migrate(world.database);
  expect(await schema()).toEqual(made);
  expect(await rows()).toEqual(before);
  const [{ id: next }] = await knex('schools').insert(school).returning('id');
  expect(next).toBeGreaterThan(last);
});

test('a database in which a row names one of another district is refused, and stays as it was', async () => {
  const { knex } = world.database;
  await back();
  await knex('enrollments').where({ id: world.enrollments.alan }).update({ section_id: world.sections.elsewhere });
  const [before, made] = [await rows(), await schema()];
  await expect(migrate(world.database)).rejects.toThrow(/enrollments/);
  expect(await knex('knex_migrations').pluck('name')).not.toContain(name);
  expect(await schema()).toEqual(made);
  expect(await rows()).toEqual(before);
});

test.each([
  ['enrollments', 'section_id', () => world.sections.elsewhere],
  ['enrollments', 'person_id', () => world.people.eve],
  ['marks', 'section_id', () => world.sections.elsewhere],
  ['marks', 'enrollment_id', () => world.enrollments.eve],
])('a row of %s whose %s is of another district is refused by the tables themselves', async (table, column, value) => {
  const { knex } = world.database;
  const before = await rows();
  await expect(
    knex(table)
      .where({ district_id: world.districts.larkspur })
      .update({ [column]: value() }),
  ).rejects.toMatchObject({ message: expect.stringMatching(/foreign key/i) });
  expect(await rows()).toEqual(before);
});
