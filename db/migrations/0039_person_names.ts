import type { Knex } from 'knex';
import type { Engine } from '../../src/database/database';
import { wordsOfPerson } from '../../src/roster/person-names';

/** People whose words are written at a time. */
const AT_ONCE = 5_000;

/** The words of people's names and numbers, without case and accents, by which they are found. */
export async function up(knex: Knex, engine: Engine): Promise<void> {
  const { clustered, partitioned } = engine;
  const [create, ...rest] = knex.schema
    .createTable('person_names', (table) => {
      table.bigInteger('district_id').notNullable().references('districts.id');
      table.bigInteger('person_id').notNullable(); // the row goes with the person, whose writer sees to it
      // In the order of code points on either engine: a range of it has all that begin alike.
      if (partitioned) table.specificType('name', 'text collate "C"').notNullable();
      else table.text('name').notNullable();
      table.primary(['district_id', 'person_id', 'name']);
      table.index(['district_id', 'name', 'person_id']);
    })
    .toSQL() as unknown as { sql: string }[];
  await knex.raw(create!.sql + clustered);
  for (const { sql } of rest) await knex.raw(sql);

  for (let after = 0; ; ) {
    const people = await knex('people')
      .select(['id', 'district_id', 'given_name', 'middle_name', 'preferred_name', 'family_name', 'identifier'])
      .where('id', '>', after)
      .orderBy('id')
      .limit(AT_ONCE);
    if (people.length === 0) break;
    const words = people.flatMap((person) =>
      wordsOfPerson(person).map((name) => ({ district_id: person.district_id, person_id: person.id, name })),
    );
    await knex.batchInsert('person_names', words, 250); // SQLite binds no more than a thousand values at once
    after = people.at(-1).id;
  }
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('person_names');
}
