import type { Knex } from 'knex';
import type { Engine } from '../../src/database/database';

export async function up(knex: Knex, { clustered }: Engine): Promise<void> {
  /** Creates the table so that its rows lie in the order of their key, where the engine can. */
  const createClustered = async (name: string, columns: (table: Knex.CreateTableBuilder) => void) => {
    const [create, ...rest] = knex.schema.createTable(name, columns).toSQL() as unknown as { sql: string }[];
    await knex.raw(create!.sql + clustered);
    for (const { sql } of rest) await knex.raw(sql);
  };

  await createClustered('meetings', (table) => {
    table.bigInteger('district_id').notNullable().references('districts.id');
    table.bigInteger('section_id').notNullable().references('sections.id');
    table.date('date').notNullable();
    table.timestamp('taken_at').nullable(); // null: scheduled, the roll not yet taken
    table.primary(['district_id', 'section_id', 'date']);
  });

  await createClustered('marks', (table) => {
    table.bigInteger('district_id').notNullable().references('districts.id');
    table.bigInteger('section_id').notNullable().references('sections.id');
    table.date('date').notNullable();
    table.bigInteger('enrollment_id').notNullable().references('enrollments.id');
    table.specificType('status', 'smallint').notNullable(); // 2 absent, 3 late, 4 excused; present is no row
    table.text('comment').notNullable();
    table.bigInteger('code_id').nullable();
    table.timestamp('changed_at').notNullable();
    table.bigInteger('client_id').nullable();
    table.bigInteger('person_id').nullable();
    table.primary(['district_id', 'section_id', 'date', 'enrollment_id']);
    table.check('status in (2, 3, 4)');
  });

  await knex.schema.createTable('journal', (table) => {
    table.bigIncrements('id');
    table.bigInteger('district_id').notNullable();
    table.bigInteger('section_id').notNullable();
    table.date('date').notNullable();
    table.bigInteger('enrollment_id').nullable(); // null: the meeting itself, its roll was taken
    table.timestamp('at').notNullable();
    table.text('api').notNullable();
    table.bigInteger('client_id').nullable();
    table.bigInteger('person_id').nullable();
    table.specificType('from_status', 'smallint').nullable(); // null: not taken
    table.text('from_comment').notNullable();
    table.specificType('to_status', 'smallint').nullable();
    table.text('to_comment').notNullable();
    table.bigInteger('code_id').nullable();
    table.index(['section_id', 'id']);
  });
}

export async function down(knex: Knex): Promise<void> {
  for (const table of ['journal', 'marks', 'meetings']) await knex.schema.dropTable(table);
}
