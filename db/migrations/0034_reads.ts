import type { Knex } from 'knex';
import type { Engine } from '../../src/database/database';

/** Who read whose records, where that is wanted: docs/audit.md. */
export async function up(knex: Knex, { partitioned }: Engine): Promise<void> {
  await knex.schema.createTable('reads', (table) => {
    if (partitioned) table.specificType('id', 'bigserial').notNullable();
    else table.bigIncrements('id');
    table.bigInteger('district_id').notNullable().references('districts.id');
    table.timestamp('at').notNullable(); // of the first where there were several in a second
    table.text('api').notNullable();
    table.bigInteger('client_id').nullable(); // null: a command of the operator
    table.bigInteger('person_id').nullable(); // for whom the client acts
    table.text('endpoint').notNullable(); // the pattern of the path, or the command
    // Whose records: of a person, else of all in a section, else in a school, else in the district.
    table.bigInteger('subject_id').nullable();
    table.bigInteger('section_id').nullable();
    table.bigInteger('school_id').nullable();
    table.date('from_date').nullable(); // of which days, inclusive; null: no end
    table.date('to_date').nullable();
    table.bigInteger('records').nullable(); // null: not counted
    table.bigInteger('times').notNullable();
    if (partitioned) table.primary(['district_id', 'id']);
    table.index(['at']);
    table.index(['district_id', 'subject_id']);
    table.index(['district_id', 'person_id']);
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('reads');
}
