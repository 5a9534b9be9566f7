import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { districtTables, schemaOf } from '../../src/database/schema';
import { createYears, openYears } from '../../src/database/years';
import { root } from '../../src/lib/root';
import { apart } from '../by-district';
import { openWorld, type World } from '../world';

/*
 * There is no Citus here. What it would be asked for is noted by functions that are called like its own; whether it would do it,
 * these tests cannot tell (db/SCALING.md).
 */

const distribute = readFileSync(join(root, 'db/distribute.sql'), 'utf8');
let world: World;
beforeEach(async () => {
  world = await openWorld({ reuse: false }); // its schema changes
  await world.ledger.record([{ enrollment: world.enrollments.ada, date: '2025-10-07', status: 2 }], world.actor);
});
afterEach(() => world.close());

const distributed = () => [...districtTables(world.database)].filter((table) => !apart.has(table)).sort();

test('the tables that are distributed are those that have districts', () => {
  const listed = /'\{([^}]*)\}'/.exec(distribute)![1]!.match(/\w+/g)!;
  expect(['schools', ...listed].sort()).toEqual(distributed());
});

test('those that stay on the coordinator are named where it is said how to distribute, and beside the statements', () => {
  const scaling = readFileSync(join(root, 'db/SCALING.md'), 'utf8');
  const staying = /In one place, on the coordinator, stay ([\s\S]*?)\./.exec(distribute)![1]!.replace(/\n--|and/g, ',');
  const told = /with their tables\. ([^.]*) stay on the coordinator\./.exec(scaling)![1]!;
  const ours = [...apart].filter((table) => !table.startsWith('knex_')).sort();
  expect(staying.match(/\w+/g)!.sort()).toEqual(ours);
  expect([...told.matchAll(/`(\w+)`/g)].map(([, table]) => table).sort()).toEqual(ours);
});

/** What Citus has of functions and tables, as far as rollbook asks for it. */
const standIns = `
  create table asked (call text, relation text, by text, beside text);
  create table pg_dist_partition (logicalrelid regclass);
  create function create_reference_table(relation regclass) returns void language sql
    as $$ insert into asked values ('reference', relation) $$;
  create function create_distributed_table(relation regclass, by text, colocate_with text default 'default') returns void
    language plpgsql as $$ begin
      if exists (select 1 from pg_constraint where contype = 'f' and relation in (conrelid, confrelid)) then
        raise 'something leads to % or from it', relation;
      end if;
      insert into asked values ('distributed', relation, by, colocate_with);
      insert into pg_dist_partition values (relation);
    end $$;
  create function citus_total_relation_size(relation regclass) returns bigint language sql as 'select cast(2 ^ 40 as bigint)'`;

if (process.env.ENGINE === 'postgres')
  describe('with functions that are called like those of Citus', () => {
    beforeEach(() => world.database.knex.raw(standIns));
    const years = () => openYears(world.database).list();

    test('each table is distributed once, beside the others, and the schema is the same afterwards', async () => {
      const { knex } = world.database;
      const before = await schemaOf(knex, world.database);
      await knex.raw(distribute);
      const asked = await knex('asked').select('*').orderBy('relation');
      const beside = (relation: string) => (relation === 'schools' ? 'default' : 'schools');
      expect(asked.filter(({ call }) => call === 'distributed')).toEqual(
        distributed().map((relation) => ({
          call: 'distributed',
          relation,
          by: 'district_id',
          beside: beside(relation),
        })),
      );
      expect(asked.filter(({ call }) => call !== 'distributed')).toMatchObject([
        { call: 'reference', relation: 'districts' },
      ]);
      const made = await schemaOf(knex, world.database);
      expect(made.filter((line) => !/^(asked|pg_dist_partition)/.test(line))).toEqual(
        before.filter((line) => !/^(asked|pg_dist_partition)/.test(line)),
      );
      expect(await knex('marks').pluck('enrollment_id')).toEqual([world.enrollments.ada]);
    });

    test('a start asks no node for days that have no part yet; `rollbook migrate` does', async () => {
      const { database } = world;
      await database.knex.raw(distribute);
      const create = (everywhere: boolean) =>
        database.knex.transaction(async (tx) => {
          await tx.raw("set local lock_timeout = '100ms'");
          await createYears(tx, database, { everywhere });
        });
      const apart = async () => (await years()).map(({ year }) => year);
      const before = await apart();
      const holder = await database.knex.transaction();
      await holder.raw('lock table marks_default, meetings_default, presences_default, journal_default');
      await create(false);
      await expect(create(true)).rejects.toMatchObject({ code: '55P03' });
      await holder.rollback();
      expect(await apart()).toEqual(before);
      await create(true);
      expect(await apart()).toEqual([2025, ...before]);
    });

    test('the bytes of a school year are those on all nodes', async () => {
      expect((await years()).every(({ bytes }) => bytes < 2 ** 30)).toBe(true);
      await world.database.knex.raw(distribute);
      const found = await years();
      expect(found.map(({ bytes }) => bytes)).toEqual(found.map(() => 4 * 2 ** 40));
    });
  });
