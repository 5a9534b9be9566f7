import { migrationNames, migrations } from '../../db/migrations';
import { migrate, tableNames, whyNotOurs } from '../../src/database/migrate';
import { SchemaError, schemaOf } from '../../src/database/schema';
import { sampled } from '../sampled';
import { openTestDatabase, type TestDatabase } from '../world';
import { SECRET } from './many';
import { rollbook } from './process';

/** A rollbook on the database of an older one, of a newer one, and of one that was killed while it migrated. */
jest.setTimeout(60_000);

let opened: TestDatabase;
beforeEach(async () => {
  opened = await openTestDatabase();
});
afterEach(() => opened.close());

const run = (args: string[], env: NodeJS.ProcessEnv = {}) =>
  rollbook(args, { DATABASE_URL: opened.url, ROLLBOOK_SECRET_KEY: SECRET, PORT: '0', ...env });
const knex = () => opened.database.knex;
const state = async () => [await knex()('knex_migrations').orderBy('id').pluck('name'), await schema()];
const schema = () => schemaOf(knex(), opened.database);

/** What would serve, change or read the database. */
const commands = [['serve'], ['serve', '--workers', '2'], ['migrate'], ['client', 'list'], ['check']];

test.each(sampled(commands))(
  '%s %s %s says that the database is of a newer rollbook, and changes nothing',
  async (...args) => {
    await knex()('knex_migrations').insert({ name: '9999_later', batch: 99, migration_time: new Date().toISOString() });
    const before = await state();
    for (const ROLLBOOK_MIGRATE of args[0] === 'migrate' ? ['on'] : ['on', 'off']) {
      const { code, stdout, stderr } = await run([...args], { ROLLBOOK_MIGRATE });
      expect([code, stdout, stderr]).toEqual([
        1,
        '',
        'rollbook: The database was written by a newer rollbook, which has 9999_later. Start that one, or restore a ' +
          'backup from before it into an empty database; nothing has been changed.\n',
      ]);
    }
    expect(await state()).toEqual(before);
  },
);

const notOurs =
  /^rollbook: The database is not rollbook's: it has the table users, and no districts\. .*nothing was put into/;

// The others make nothing in a database in which nothing was made.
test.each([['serve'], ['serve', '--workers', '2'], ['migrate']])(
  '%s refuses the database of another program, and puts nothing into it',
  async (...args) => {
    const { url, database } = opened;
    const listed = await knex().raw(database.tables);
    if (url.startsWith('sqlite:')) await knex().raw('pragma foreign_keys = off');
    for (const { name } of listed.rows ?? listed)
      await knex().raw(`drop table if exists "${name}" ${url.startsWith('sqlite:') ? '' : 'cascade'}`);
    await knex().schema.createTable('_litestream_seq', (columns) => columns.integer('id'));
    expect(whyNotOurs(await tableNames(knex(), database))).toBeUndefined(); // it is empty
    await knex().schema.createTable('users', (columns) => columns.integer('id'));
    for (const ROLLBOOK_MIGRATE of args[0] === 'migrate' ? ['on'] : ['on', 'off']) {
      const { code, stdout, stderr } = await run([...args], { ROLLBOOK_MIGRATE });
      expect([code, stdout, stderr]).toEqual([1, '', expect.stringMatching(notOurs)]);
    }
    expect(await tableNames(knex(), database)).toEqual(['users']);
  },
);

test.each(sampled(commands.filter(([command]) => command !== 'migrate')))(
  '%s %s %s says that the database is older where it may not be migrated, and changes nothing',
  async (...args) => {
    const last = migrationNames.slice(-2);
    for (const _ of last) await knex().migrate.down({ migrationSource: migrations(opened.database) });
    const before = await state();
    const { code, stdout, stderr } = await run([...args], { ROLLBOOK_MIGRATE: 'off' });
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toBe(
      `rollbook: The database is older than this rollbook: it lacks ${last.join(', ')}. Back it up, and run ` +
        '`rollbook migrate`, or start with ROLLBOOK_MIGRATE=on and a database that can be written.\n',
    );
    expect(await state()).toEqual(before);
    expect((await run(['migrate'])).stdout).toBe(`${last.join('\n')}\n`);
    expect((await run(['client', 'list'], { ROLLBOOK_MIGRATE: 'off' })).code).toBe(0);
  },
);

test.each(sampled(commands))(
  '%s %s %s names what is missing in the list of migrations, and changes nothing',
  async (...args) => {
    const missing = ['0006_osdi_attendances', '0014_summaries'];
    const kept = await knex()('knex_migrations').whereIn('name', missing);
    await knex()('knex_migrations').whereIn('name', missing).delete();
    const before = await state();
    for (const ROLLBOOK_MIGRATE of args[0] === 'migrate' ? ['on'] : ['on', 'off'])
      expect(await run([...args], { ROLLBOOK_MIGRATE })).toEqual({
        code: 1,
        stdout: '',
        stderr:
          'rollbook: The list of migrations in the database (knex_migrations) lacks 0006_osdi_attendances, 0014_summaries, ' +
          'though it has later ones. Put back what was deleted from the list, or restore a backup into an empty ' +
          'database; nothing has been changed.\n',
      });
    expect(await state()).toEqual(before);
    await knex()('knex_migrations').insert(kept.map(({ id: _, ...row }) => row)); // as the last ones
    expect(await run(['migrate'])).toMatchObject({ code: 0, stdout: 'The schema is up to date.\n' });
    expect((await run(['client', 'list'], { ROLLBOOK_MIGRATE: 'off' })).code).toBe(0);
  },
);

test.each(sampled(migrationNames))(
  'a list that ends before %s is refused in a sentence where nothing was undone',
  async (first) => {
    await knex()('knex_migrations').where('name', '>=', first).delete();
    const before = await state();
    const failure = await migrate(opened.database).then(
      () => undefined,
      (error: Error) => error,
    );
    expect(failure).toEqual(expect.any(SchemaError));
    expect(failure!.message).toContain(`The migrations from ${first} on do not fit the database: `);
    expect(await state()).toEqual(before);
  },
);

test('a lock that a killed migration has left is named, with the command that releases it', async () => {
  await knex()('knex_migrations_lock').update({ is_locked: 1 });
  for (const [args, ROLLBOOK_MIGRATE] of [
    [['serve'], 'on'],
    [['migrate'], 'on'],
    [['client', 'list'], 'on'],
    [['serve'], 'off'],
    [['client', 'list'], 'off'],
  ] as const) {
    const { code, stderr } = await run([...args], { ROLLBOOK_MIGRATE });
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^rollbook: The database is locked by a migration/)]);
    expect(stderr).toContain('`rollbook migrate --unlock` releases the lock');
  }
  expect(await run(['migrate', '--unlock'])).toMatchObject({ code: 0, stdout: 'The lock is released.\n' });
  expect(await run(['migrate', '--unlock', '--json'])).toMatchObject({
    code: 0,
    stdout: '{\n  "released": false\n}\n',
  });
  expect(await run(['migrate'])).toMatchObject({ code: 0, stdout: 'The schema is up to date.\n' });
});

test('the schema is printed as it is', async () => {
  expect((await run(['migrate', '--schema'])).stdout).toBe(`${(await schema()).join('\n')}\n`);
});
