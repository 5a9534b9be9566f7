import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Client } from 'pg';
import { invariantsOf } from '../../src/cli/check';
import type { Database } from '../../src/database/database';
import { claimEpoch, GAP, noteRestored, openEpoch } from '../../src/database/epoch';
import { findingsOf } from '../../src/database/invariants';
import { openDatabase } from '../../src/database/open';
import { backup, restore } from '../../src/database/transfer/backup';
import { openTestDatabase, openWorld, type World } from '../world';

const onPostgres = process.env.ENGINE === 'postgres';
const other = onPostgres ? 'sqlite' : 'postgres';
let world: World;
let folder: string;
const closing: (() => Promise<unknown>)[] = [];
beforeEach(async () => {
  world = await openWorld({ reuse: false });
  folder = mkdtempSync(join(tmpdir(), 'rollbook-epoch-'));
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  await world.close();
  rmSync(folder, { recursive: true });
});

const open = (url: string): Database => {
  const database = openDatabase(url);
  closing.push(() => database.close());
  return database;
};
const empty = async (engine = process.env.ENGINE!) => {
  const made = await openTestDatabase({ engine });
  closing.push(made.close);
  return made;
};
const kept = () => join(folder, 'kept.db');
const restored = async (engine?: string) => {
  const into = await empty(engine);
  await restore(
    kept(),
    () => openDatabase(into.url),
    async () => undefined,
  );
  return into.database;
};
/** The id of a person who is added now. */
const nextId = async ({ knex }: Database): Promise<number> => {
  const row = await knex('people').where({ id: world.people.ada }).first();
  const [{ id }] = await knex('people')
    .insert({ ...row, id: undefined, sourced_id: null })
    .returning('id');
  return id;
};

test('an epoch begins once, whoever else begins one at the same time, and stays', async () => {
  const others = Array.from({ length: 4 }, () => open(world.url));
  const epochs = await Promise.all([world.database, ...others].map(claimEpoch));
  expect(new Set(epochs).size).toBe(1);
  expect(epochs[0]).toMatch(/^[0-9a-f]{16}$/);
  await world.ledger.record([{ enrollment: world.enrollments.ada, date: '2025-10-07', status: 2 }], world.actor);
  await world.database.scrub(['epochs', 'people']);
  expect(await claimEpoch(open(world.url))).toBe(epochs[0]);
  expect(await nextId(world.database)).toBeLessThan(GAP);
});

test('who checks a database that came out of a backup writes nothing to it, no new epoch either', async () => {
  const { database } = world;
  await database.transaction((tx) => noteRestored(tx, database));
  const epochs = () => database.knex('epochs');
  const before = await epochs();
  expect(before).toEqual([expect.objectContaining({ epoch: '' })]);
  expect(await findingsOf(database, invariantsOf(database), 10)).toEqual([]);
  expect(await epochs()).toEqual(before);
  await claimEpoch(database);
  expect(await epochs()).not.toEqual(before);
});

test('it is asked for once a second at most, and remembered while the database is away', async () => {
  let [asked, away] = [0, false];
  const all: Database['all'] = (query, values) => {
    asked++;
    return away ? Promise.reject(new Error('away')) : world.database.all(query, values);
  };
  const epoch = openEpoch({ ...world.database, all });
  const first = await epoch();
  const before = asked;
  expect(new Set(await Promise.all(Array.from({ length: 100 }, epoch)))).toEqual(new Set([first]));
  expect(asked).toBe(before);
  await wait(1_050);
  away = true;
  expect(await epoch()).toBe(first);
  expect(asked).toBe(before + 1);
});

test.each(onPostgres ? ['postgres', 'sqlite'] : ['sqlite', 'postgres'])(
  'one that was restored, on %s, has another, and begins ids above all that may have been handed out',
  async (engine) => {
    const epoch = await claimEpoch(world.database);
    const gone = await nextId(world.database);
    await world.database.knex('people').where({ id: gone }).delete();
    await backup(world.database, kept());
    const late = await nextId(world.database);
    const copy = await restored(engine);
    expect([engine, (await claimEpoch(copy)) === epoch]).toEqual([engine, false]);
    const fresh = await nextId(copy);
    expect(fresh).toBeGreaterThan(Math.max(gone, late));
    expect(fresh).toBe(gone + GAP + 1);
    expect(await nextId(copy)).toBe(fresh + 1);
  },
);

test('sequences that are far above the last row go with a backup, there and back', async () => {
  const { knex } = world.database;
  if (onPostgres) await knex.raw("select setval('journal_id_seq', 5000000)");
  else await knex.raw("insert into sqlite_sequence (name, seq) values ('journal', 5000000)");
  await backup(world.database, kept());
  const there = await restored(other);
  rmSync(kept());
  await backup(there, kept());
  const back = await restored();
  const row = { district_id: 1, section_id: 1, date: '2025-10-07', at: '2025-10-07T08:00:00.000Z', api: 'test' };
  const [{ id }] = await back
    .knex('journal')
    .insert({ ...row, from_comment: '', to_comment: '' })
    .returning('id');
  expect(id).toBe(5_000_000 + 2 * GAP + 1);
});

if (onPostgres) {
  test('a row that was inserted by somebody else, as pg_restore does, is not of this database', async () => {
    const epoch = await claimEpoch(world.database);
    const { knex } = world.database;
    await knex.transaction(async (tx) => {
      const rows = await tx('epochs');
      await tx('epochs').delete();
      await tx('epochs').insert(rows);
    });
    const again = await claimEpoch(world.database);
    expect(again).not.toBe(epoch);
    expect(await claimEpoch(open(world.url))).toBe(again);
    expect(await nextId(world.database)).toBeGreaterThan(GAP);
  });

  test('a database that was made of another as its template is not that one', async () => {
    const epoch = await claimEpoch(world.database);
    await world.database.close();
    const name = new URL(world.url).pathname.slice(1);
    const client = new Client(`${process.env.TEST_POSTGRES_URL}postgres`);
    await client.connect();
    await client.query(`create database copy_of_${name} template ${name}`);
    const copy = openDatabase(`${process.env.TEST_POSTGRES_URL}copy_of_${name}`);
    expect(await claimEpoch(copy)).not.toBe(epoch);
    await copy.close();
    await client.query(`drop database copy_of_${name}`);
    await client.end();
  });

  test('where the server does not tell who it is, the rest has to do', async () => {
    const { knex } = world.database;
    const role = `plain_${new URL(world.url).pathname.slice(1)}`;
    await knex.raw(`create role ${role} login; grant all on all tables in schema public to ${role};
      grant all on all sequences in schema public to ${role};
      revoke execute on function pg_control_system() from public`);
    const plain = openDatabase(world.url.replace('rollbook@', `${role}@`));
    const epoch = await claimEpoch(plain);
    expect([await claimEpoch(plain), epoch]).toEqual([epoch, expect.stringMatching(/^[0-9a-f]{16}$/)]);
    const told = await claimEpoch(world.database); // to whom it does
    expect([await claimEpoch(plain), await claimEpoch(open(world.url))]).toEqual([told, told]);
    await plain.close();
    await knex.raw(`drop owned by ${role}; drop role ${role}; grant execute on function pg_control_system() to public`);
  });
} else {
  test('a file that was copied has another, and so has a backup that is used as it is, with ids of its own', async () => {
    const epoch = await claimEpoch(world.database);
    const last = await nextId(world.database);
    await backup(world.database, kept());
    await world.database.snapshot(async () => undefined);
    const copy = join(folder, 'copy.db');
    await world.database.knex.raw('pragma wal_checkpoint(truncate)');
    copyFileSync(world.database.file!, copy);
    const [copied, used] = [open(`sqlite:${copy}`), open(`sqlite:${kept()}`)];
    const epochs = await Promise.all([copied, used].map(claimEpoch));
    expect(new Set([epoch, ...epochs]).size).toBe(3);
    expect(await nextId(copied)).toBe(last + 1);
    expect(await nextId(used)).toBe(last + GAP + 1);
  });
}
