import type { Knex } from 'knex';
import type { Engine } from '../../src/database/database';
import * as powerschool from './0005_powerschool_attendance';
import * as osdi from './0006_osdi_attendances';
import * as wix from './0008_wix_attendances';
import * as summaries from './0014_summaries';
import { countsAssumed } from './0015_presences';

/*
 * Some of the migrations before this one were edited after they had landed: databases that had run them already were
 * left with tables of another make. They are made anew here, with what they hold. Others are left as they are.
 */
type Migration = Pick<typeof powerschool, 'up'>;

interface Edited {
  /** The table that tells by a column whether it is the older one. */
  readonly table: string;
  readonly column: string;
  /** All tables that the migration makes. */
  readonly tables: readonly string[];
  readonly migration: Migration;
  /** SQL for the column, of a row of `held`. */
  readonly value: string;
}

const ofEnrollment = (column: string): string =>
  `(select enrollments.${column} from enrollments where enrollments.id = held.enrollment_id)`;

const edited: readonly Edited[] = [
  {
    table: 'powerschool_attendance',
    column: 'section_id',
    tables: ['powerschool_attendance'],
    migration: powerschool,
    value: ofEnrollment('section_id'),
  },
  {
    table: 'osdi_attendances',
    column: 'district_id',
    tables: ['osdi_attendances', 'osdi_identifiers'],
    migration: osdi,
    value: ofEnrollment('district_id'),
  },
  {
    table: 'wix_attendances',
    column: 'district_id',
    tables: ['wix_attendances'],
    migration: wix,
    value: ofEnrollment('district_id'),
  },
];

export async function up(knex: Knex, engine: Engine): Promise<void> {
  for (const each of edited)
    if (!(await knex.schema.hasColumn(each.table, each.column))) await remake(knex, engine, each);
  if (await knex.schema.hasTable('counted_sections')) await countAnew(knex);
}

/** Nothing to take back: what is mended was meant so by the migrations before. */
export const down = async (): Promise<void> => undefined;

/** Holds the rows, has the migration make its tables, and puts the rows back. */
async function remake(
  knex: Knex,
  { lastId, resumeIds }: Engine,
  { table, tables, column, migration, value }: Edited,
): Promise<void> {
  const columnsOf = new Map<string, string>();
  for (const each of tables) columnsOf.set(each, Object.keys(await knex(each).columnInfo()).join(', '));
  const last = columnsOf.get(table)!.startsWith('id, ') ? await lastOf(knex, lastId(table)) : 0;
  for (const each of tables) {
    await knex.raw(`create table held_${each} as select * from ${each}`);
    await knex.schema.dropTable(each);
  }
  await migration.up(knex);
  for (const each of tables) {
    const [more, values] = each === table ? [`, ${column}`, `, ${value}`] : ['', ''];
    const columns = columnsOf.get(each)!;
    await knex.raw(`insert into ${each} (${columns}${more}) select ${columns}${values} from held_${each} as held`);
    await knex.schema.dropTable(`held_${each}`);
  }
  if (last > 0) for (const statement of resumeIds(table)) await knex.raw(statement, { last });
}

async function lastOf(knex: Knex, sql: string): Promise<number> {
  const [given] = await knex.select('last').from(knex.raw(`(${sql}) as given`));
  return Number(given.last);
}

/** What reports counted can be counted again; the revisions up to which it was are of the older tables. */
async function countAnew(knex: Knex): Promise<void> {
  await knex.schema.alterTable('enrollments', (table) => table.dropIndex(['district_id', 'end_date']));
  for (const table of ['counted_absences', 'counted_days', 'counted_sections']) await knex.schema.dropTable(table);
  await summaries.up(knex);
  await countsAssumed(knex); // of 0015, which the older table has had in vain
}
