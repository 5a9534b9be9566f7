import { migrations } from '../../db/migrations';
import { invariantsOf } from '../../src/cli/check';
import { findingsOf } from '../../src/database/invariants';
import { openWorld, type World } from '../world';

let world: World;
beforeEach(async () => {
  world = await openWorld({ reuse: false });
});
afterEach(() => world.close());

test('rolls that a database from before has taken of days to come are to be taken when the days come', async () => {
  const { knex } = world.database;
  const { ada, grace } = world.enrollments;
  const { algebra: section_id } = world.sections;
  const { larkspur: district_id } = world.districts;
  await knex('enrollments').update({ end_date: '2100-01-01' });
  const [past, ahead] = ['2025-10-01', '2099-03-02'];
  for (const date of [past, ahead])
    await world.ledger.record(
      [
        { enrollment: ada, date, status: 2, comment: 'trip' },
        { enrollment: grace, date, status: 3 },
        { enrollment: grace, date, status: 1 },
      ],
      world.actor,
      { roll: 'always' },
    );
  // As it was: the mark took the roll, and whoever was present needed no row.
  await knex('meetings').where({ date: ahead }).update({ taken_at: '2025-10-01T08:00:00.000Z' });
  await knex('presences').delete();
  await knex('journal').insert({
    ...{ district_id, section_id, date: ahead, enrollment_id: null, at: '2025-10-01T08:00:00.000Z', api: 'test' },
    ...{ from_status: null, from_comment: '', to_status: null, to_comment: '' },
  });
  const [before] = await knex('sections').where({ id: section_id });
  const migration = { migrationSource: migrations(world.database), name: '0022_days_ahead' };
  await knex.migrate.down(migration);
  await knex.migrate.up(migration);

  const filter = { district: district_id, section: section_id };
  expect((await world.ledger.meetings(filter)).map(({ date, taken_at }) => [date, taken_at !== null])).toEqual([
    [past, true],
    [ahead, false],
  ]);
  const entries = await world.ledger.entries({ ...filter, from: ahead });
  expect(entries.filter(({ status }) => status !== null).map((each) => [each.enrollment_id, each.status])).toEqual([
    [ada, 2],
    [grace, 1],
  ]);
  expect((await knex('sections').where({ id: section_id }))[0].revision).toBe(Number(before.revision) + 1);
  const broken = await findingsOf(world.database, invariantsOf(world.database), 10);
  expect(broken.filter(({ level }) => level === 'error')).toEqual([]);
});
