import { migrations } from '../../db/migrations';
import { migrate } from '../../src/database/migrate';
import { openTestDatabase, type TestDatabase } from '../world';

let world: TestDatabase;
beforeEach(async () => {
  world = await openTestDatabase();
});
afterEach(() => world.close());

test('a database that is up to date is left alone', async () => {
  expect(await migrate(world.database)).toEqual([]);
});

test('every migration goes down and up again', async () => {
  const { knex } = world.database;
  const migrationSource = migrations(world.database);
  await knex.migrate.rollback({ migrationSource }, true);
  expect(await knex.schema.hasTable('marks')).toBe(false);
  expect(await migrate(world.database)).toEqual(await migrationSource.getMigrations([]));
  expect(await knex.schema.hasTable('marks')).toBe(true);
});
