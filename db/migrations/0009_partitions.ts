import type { Knex } from 'knex';
import type { Engine } from '../../src/database/database';
import { createYear, yearly, yearsIn } from '../../src/database/years';

/*
 * Meetings, marks and journal in parts, one a school year, so that a year can be taken off; the district is in
 * the references, so that the tables can be distributed by it. The district that a foreign key carries is known to be one.
 */
const parted = [
  'alter table sections add constraint sections_district_id_id_unique unique (district_id, id)',
  'alter table enrollments add constraint enrollments_district_id_id_unique unique (district_id, id)',
  'drop index enrollments_district_id_id_index',
  'alter table meetings add primary key (district_id, section_id, date)',
  'alter table marks add primary key (district_id, section_id, date, enrollment_id)',
  'alter table journal add primary key (id, date)',
  'create index journal_section_id_id_index on journal (section_id, id)',
  reference('meetings', 'district_id, section_id', 'sections (district_id, id)', 'section_id'),
  reference('marks', 'district_id, section_id', 'sections (district_id, id)', 'section_id'),
  reference('marks', 'district_id, enrollment_id', 'enrollments (district_id, id)', 'enrollment_id'),
];

const whole = [
  'alter table meetings add primary key (district_id, section_id, date)',
  'alter table marks add primary key (district_id, section_id, date, enrollment_id)',
  'alter table journal add primary key (id)',
  'create index journal_section_id_id_index on journal (section_id, id)',
  reference('meetings', 'district_id', 'districts (id)'),
  reference('meetings', 'section_id', 'sections (id)'),
  reference('marks', 'district_id', 'districts (id)'),
  reference('marks', 'section_id', 'sections (id)'),
  reference('marks', 'enrollment_id', 'enrollments (id)'),
  'create index enrollments_district_id_id_index on enrollments (district_id, id)',
  'alter table enrollments drop constraint enrollments_district_id_id_unique',
  'alter table sections drop constraint sections_district_id_id_unique',
];

export async function up(knex: Knex, { partitioned }: Engine): Promise<void> {
  if (!partitioned) return;
  for (const table of yearly)
    await remake(knex, table, 'partition by range (date)', async () => {
      await knex.raw(`create table ${table}_default partition of ${table} default`);
      const { rows } = await knex.raw(yearsIn(`${table}_before`));
      for (const { year } of rows) await createYear(knex, table, year);
    });
  for (const statement of parted) await knex.raw(statement);
}

export async function down(knex: Knex, { partitioned }: Engine): Promise<void> {
  if (!partitioned) return;
  for (const table of yearly) await remake(knex, table);
  for (const statement of whole) await knex.raw(statement);
}

/** Copies the table into one of another make. Its keys are added afterwards: that is faster, and their names are free. */
async function remake(
  knex: Knex,
  table: string,
  make = '',
  prepare = async () => undefined as undefined,
): Promise<void> {
  await knex.raw(`alter table ${table} rename to ${table}_before`);
  await knex.raw(`create table ${table} (like ${table}_before including defaults including constraints) ${make}`);
  await prepare();
  await knex.raw(`insert into ${table} select * from ${table}_before`);
  if (table === 'journal') await knex.raw('alter sequence journal_id_seq owned by journal.id');
  await knex.raw(`drop table ${table}_before`);
}

function reference(table: string, columns: string, target: string, name = columns): string {
  return `alter table ${table} add constraint ${table}_${name}_foreign foreign key (${columns}) references ${target}`;
}
