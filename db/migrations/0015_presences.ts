import type { Knex } from 'knex';
import type { Engine } from '../../src/database/database';
import { createYear } from '../../src/database/years';

/** Rolls are taken by an act of their own: what is said of one student says nothing of the others. */
export async function up(knex: Knex, { clustered, partitioned }: Engine): Promise<void> {
  // Present, said of one student on a meeting whose roll is not taken; gone once it is, when present is implied.
  const [create, ...rest] = knex.schema
    .createTable('presences', (table) => {
      table.bigInteger('district_id').notNullable();
      table.bigInteger('section_id').notNullable();
      table.date('date').notNullable();
      table.bigInteger('enrollment_id').notNullable();
      table.timestamp('changed_at').notNullable();
      table.text('api').notNullable();
      table.bigInteger('client_id').nullable();
      table.bigInteger('person_id').nullable();
      table.primary(['district_id', 'section_id', 'date', 'enrollment_id']);
      table
        .foreign(partitioned ? ['district_id', 'section_id'] : ['section_id'])
        .references(partitioned ? ['district_id', 'id'] : ['id'])
        .inTable('sections');
      table
        .foreign(partitioned ? ['district_id', 'enrollment_id'] : ['enrollment_id'])
        .references(partitioned ? ['district_id', 'id'] : ['id'])
        .inTable('enrollments');
    })
    .toSQL() as unknown as { sql: string }[];
  await knex.raw(create!.sql + (partitioned ? ' partition by range (date)' : clustered));
  for (const { sql } of rest) await knex.raw(sql);
  if (partitioned) {
    await knex.raw('create table presences_default partition of presences default');
    for (const year of await yearsOf(knex, 'meetings')) await createYear(knex, 'presences', year);
  }

  // A client of single excuses, of whose writes none takes a roll.
  await knex.schema.alterTable('api_clients', (table) => {
    table.boolean('marks_only').notNullable().defaultTo(knex.raw('false'));
  });

  // What a student without a record was, on a past school day whose roll nobody took: unknown, or present.
  await knex.schema.alterTable('schools', (table) => {
    table.string('untaken', 16).notNullable().defaultTo('unknown');
  });

  await countsAssumed(knex);
}

/** Whether students of untaken rolls were counted as present on a day. */
export const countsAssumed = (knex: Knex) =>
  knex.schema.alterTable('counted_days', (table) => {
    table.boolean('assumed').notNullable().defaultTo(knex.raw('false'));
  });

export async function down(knex: Knex): Promise<void> {
  // As text: knex would make these tables anew on SQLite, and others refer to them.
  await knex.raw('alter table counted_days drop column assumed');
  await knex.raw('alter table schools drop column untaken');
  await knex.raw('alter table api_clients drop column marks_only');
  await knex.schema.dropTable('presences');
}

/** The school years that a table has parts for. */
async function yearsOf(knex: Knex, table: string): Promise<number[]> {
  const { rows } = await knex.raw(
    `select cast(substring(part.relname from '_([0-9]{4})$') as integer) as year
    from pg_inherits
    join pg_class as part on part.oid = pg_inherits.inhrelid
    where pg_inherits.inhparent = '${table}'::regclass and part.relname ~ '_[0-9]{4}$'`,
  );
  return rows.map(({ year }: { year: number }) => year);
}
